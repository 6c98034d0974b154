import { tellFootprint } from "./footprint-story";

tellFootprint("colocation");
