/** File of a bundle that Lambda loads. */
export const BUNDLE_FILE = "index.mjs";

/** File beside a bundle that the emulator loads instead of it. */
export const LOCAL_FILE = "local.mjs";
