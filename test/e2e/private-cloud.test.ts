import { tellFootprint } from "./footprint-story";

// Two zones at first, so that a third can be added: more than three are not offered.
tellFootprint("private-cloud", [["[eu-central-1a, eu-central-1b, eu-central-1c]", "[eu-central-1a, eu-central-1b]"]]);
