import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** Ports a process listens on, by the kernel's own account. */
export function listeningPorts(pid: number): number[] {
  const folder = `/proc/${pid}/fd`;
  const sockets = readdirSync(folder).flatMap(
    (name) => /^socket:\[(\d+)\]$/.exec(readlinkSync(join(folder, name)))?.[1] ?? [],
  );
  const listening = "0A";
  const rows = ["tcp", "tcp6"].flatMap((table) =>
    readFileSync(`/proc/${pid}/net/${table}`, "utf8").trim().split("\n").slice(1),
  );
  const ofProcess = rows.flatMap((row) => {
    const [, local, , state, , , , , , inode] = row.trim().split(/\s+/);
    return state === listening && sockets.includes(inode ?? "")
      ? [Number.parseInt(local?.split(":")[1] ?? "", 16)]
      : [];
  });
  return [...new Set(ofProcess)].sort();
}
