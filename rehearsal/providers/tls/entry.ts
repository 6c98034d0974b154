import { serveProvider } from "../server";
import { tlsTable } from "./table";

serveProvider(tlsTable);
