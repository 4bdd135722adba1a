/** The script that a shop puts on its page: reads its own tag, draws the launcher, stays out of the way. */

import { render } from "preact";
import { accentRules } from "./accent";
import { alertOf } from "./alerts";
import { Api } from "./api";
import { Client } from "./client";
import { type Config, readConfig } from "./config";
import { Emitter, watch } from "./events";
import { greet } from "./greetings";
import { choose, direction, locale, speak } from "./locale";
import { isPublished, publish } from "./sdk";
import type { Site } from "./site";
import { styles } from "./styles";
import { App } from "./ui/App";
import { standOn } from "./ui/hooks";

/** The element that holds the chat. What the page's tag says goes before the site's settings. */
function makeHost(config: Config, { appearance }: Site): HTMLElement {
  const host = document.createElement("div");
  const theme = config.theme === "auto" ? appearance.theme : config.theme;
  host.id = "kefu-widget";
  if (theme !== "auto") host.dataset.theme = theme;
  host.dataset.side = appearance.side;
  // Not a <style> element: pages whose policy forbids inline styles have to show the chat too.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(styles + accentRules(config.accent || appearance.accent || ""));
  host.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
  return host;
}

async function start(script: HTMLScriptElement): Promise<void> {
  const config = readConfig(script);
  if (!config.siteKey) {
    console.error("Kefu: the script tag needs data-site-key");
    return;
  }
  const events = new Emitter();
  const ready = publish(events);
  const api = new Api(config);
  const site = await api.site();
  const { locales, texts } = site;

  const speakAs = async (wanted: readonly string[]) => {
    const tag = choose(wanted, locales.offered, locales.default);
    speak(tag, tag === "en" ? null : await api.pack(tag), texts[tag]);
  };
  await speakAs(config.locale ? [config.locale] : navigator.languages);

  const host = makeHost(config, site);
  const client = new Client(config, api, site);
  const face = () => {
    host.lang = locale;
    host.dir = direction;
  };
  face();
  client.setLocale(locale);
  client.start();
  const stops = [
    watch(client.store, events),
    greet(site.greetings, client.store, client),
    () => client.stop(),
  ];
  alertOf(events, client);
  document.body.append(host);
  const root = host.shadowRoot as ShadowRoot;
  standOn({ client, config });
  render(<App />, root);

  const watcher = new MutationObserver(() => client.identify(readConfig(script).identity));
  watcher.observe(script, { attributeFilter: ["data-identity"] });

  ready({
    open: () => client.setOpen(true),
    close: () => client.setOpen(false),
    toggle: () => client.setOpen(!client.store.get().open),
    sendMessage: (text) => {
      client.setOpen(true);
      client.send(String(text));
    },
    identify: (identity) => client.identify(String(identity)),
    setAttributes: (attributes) => client.setAttributes(attributes),
    setLocale: (tag) =>
      void speakAs([String(tag)]).then(() => {
        face();
        client.setLocale(locale);
      }),
    reset: () => client.reset(),
    destroy: () => {
      watcher.disconnect();
      for (const stop of stops) stop();
      render(null, root);
      host.remove();
      delete window.Kefu;
    },
  });
  events.emit("ready", undefined);
}

// Taken now: once the script has run, the page no longer tells which tag it was.
const script = document.currentScript;
if (script instanceof HTMLScriptElement && !isPublished()) {
  if (document.body) void start(script);
  else document.addEventListener("DOMContentLoaded", () => void start(script), { once: true });
}
