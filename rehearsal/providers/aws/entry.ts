import { serveProvider } from "../server";
import { awsTable } from "./table";

serveProvider(awsTable);
