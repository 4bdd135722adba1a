import { createApi } from "@kefu/api";

const CSRF_COOKIE = "kefu_csrf";
const CSRF_HEADER = "X-CSRF-Token";

export const api = createApi();

api.use({
  onRequest({ request }) {
    if (request.method !== "GET") request.headers.set(CSRF_HEADER, csrfToken());
    return request;
  },
});

/** The cookie that our own pages can read and other sites cannot. */
function csrfToken(): string {
  for (const pair of document.cookie.split("; ")) {
    const [name, value] = pair.split("=", 2);
    if (name === CSRF_COOKIE) return decodeURIComponent(value ?? "");
  }
  return "";
}
