/** Both ends of an IPsec link. */
export interface IpsecLink {
  /** Host name of the company's end, and its IKE identity. */
  readonly peer: string;
  readonly port: number;
  /** IKE identity of the cage's end. */
  readonly cageIdentity: string;
  /** Base64 of 32 bytes. */
  readonly presharedKey: string;
  readonly companyNetworks: readonly string[];
  readonly cageNetworks: readonly string[];
}

/** Ties the tunnel to the interface `link`, so that routes and the firewall are the same as WireGuard's. */
const interfaceId = 42;

/** CNSA's suite of 256 bits: AES-GCM, SHA-384, P-384; no other is offered, so none can be negotiated down to. */
const proposals = { ike: "aes256gcm16-prfsha384-ecp384", esp: "aes256gcm16-ecp384" };

interface End {
  readonly identity: string;
  readonly networks: readonly string[];
}

function connection(
  local: End,
  remote: End,
  reach: readonly string[],
  action: "start" | "none",
  secret: string,
): string {
  return `connections {
  link {
    version = 2
${reach.map((line) => `    ${line}\n`).join("")}    proposals = ${proposals.ike}
    mobike = no
    dpd_delay = 30s
    rekey_time = 4h
    if_id_in = ${interfaceId}
    if_id_out = ${interfaceId}
    local {
      auth = psk
      id = ${local.identity}
    }
    remote {
      auth = psk
      id = ${remote.identity}
    }
    children {
      link {
        mode = tunnel
        local_ts = ${local.networks.join(", ")}
        remote_ts = ${remote.networks.join(", ")}
        esp_proposals = ${proposals.esp}
        rekey_time = 1h
        start_action = ${action}
        dpd_action = ${action === "start" ? "restart" : "clear"}
      }
    }
  }
}
secrets {
  ike-link {
    id-cage = ${action === "start" ? local.identity : remote.identity}
    id-company = ${action === "start" ? remote.identity : local.identity}
    secret = 0s${secret}
  }
}
`;
}

/** `/etc/swanctl/conf.d/link.conf` of each end; the cage calls, the company answers. */
export function swanctlOf(link: IpsecLink): { readonly cage: string; readonly company: string } {
  const cage = { identity: link.cageIdentity, networks: link.cageNetworks };
  const company = { identity: link.peer, networks: link.companyNetworks };
  return {
    cage: connection(
      cage,
      company,
      [`remote_addrs = ${link.peer}`, ...(link.port === 500 ? [] : [`remote_port = ${link.port}`])],
      "start",
      link.presharedKey,
    ),
    company: connection(company, cage, [], "none", link.presharedKey),
  };
}

/** systemd-networkd's files for the interface `link` and the routes into it. */
export function xfrmInterface(companyNetworks: readonly string[]): Record<string, string> {
  return {
    "/etc/systemd/network/link.netdev": `[NetDev]\nName=link\nKind=xfrm\n\n[Xfrm]\nInterfaceId=${interfaceId}\nIndependent=yes\n`,
    "/etc/systemd/network/link.network": [
      "[Match]\nName=link\n",
      ...companyNetworks.map((network) => `[Route]\nDestination=${network}\n`),
    ].join("\n"),
  };
}
