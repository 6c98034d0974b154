// Lets Node load TypeScript. tsx alone also reads and examines every file of every package, which takes longer than to load
// them; packages are plain JavaScript already, so they are left to Node itself.
const plain = require.extensions[".js"];
require("tsx/cjs");
const stripped = require.extensions[".js"];
const inPackage = /[\\/]node_modules[\\/]/;
require.extensions[".js"] = (module, file) => (inPackage.test(file) ? plain : stripped)(module, file);
