// The engine loads a pack with require(). A .ts main would be type-checked on every run (seconds); tsx only strips types.
require("../../load-typescript.cjs");
require("./pack.ts");
