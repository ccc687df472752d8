/** Owner of the catalogs that hold requests which came as events. Users' ids are UUIDs, so none is called so. */
export const EVENT_SYSTEM = "system:requests";
