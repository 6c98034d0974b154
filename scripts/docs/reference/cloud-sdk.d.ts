/** In place of the cloud SDKs, whose types are a hundred times the kit's own and appear in no argument of a component. */
declare const cloudSdk: unknown;
export = cloudSdk;
