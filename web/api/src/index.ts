/** The gateway's client. `schema.d.ts` is generated from `openapi.json`; nothing here repeats it. */

import createClient, { type Client, type ClientOptions } from "openapi-fetch";
import type { paths } from "./schema";

export type * from "./schema";

export type KefuApi = Client<paths>;

/** A client for the gateway at the same origin, or at `options.baseUrl`. */
export function createApi(options: ClientOptions = {}): KefuApi {
  return createClient<paths>({ credentials: "same-origin", ...options });
}
