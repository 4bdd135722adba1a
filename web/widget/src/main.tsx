/** The script that a shop puts on its page: reads its own tag, draws the launcher, stays out of the way. */

import { render } from "preact";
import tokens from "../../tokens/tokens.css?inline";
import { accentRules } from "./accent";
import { Client } from "./client";
import { readConfig } from "./config";
import base from "./styles/base.css?inline";
import cards from "./styles/cards.css?inline";
import composer from "./styles/composer.css?inline";
import header from "./styles/header.css?inline";
import messages from "./styles/messages.css?inline";
import states from "./styles/states.css?inline";
import { App } from "./ui/App";
import { GroundContext } from "./ui/hooks";

export interface Kefu {
  open(): void;
  close(): void;
  /** Opens the chat and sends the text as the customer's. */
  sendMessage(text: string): void;
}

declare global {
  interface Window {
    Kefu?: Kefu;
  }
}

function style(root: ShadowRoot, css: string): void {
  // Not a <style> element: pages whose policy forbids inline styles have to show the chat too.
  if ("adoptedStyleSheets" in root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [sheet];
    return;
  }
  const element = document.createElement("style");
  element.textContent = css;
  (root as ShadowRoot).append(element);
}

function start(script: HTMLScriptElement): void {
  if (window.Kefu) return; // the tag is on the page twice
  const config = readConfig(script);
  if (!config.siteKey) {
    console.error("Kefu: the script tag needs data-site-key");
    return;
  }
  const host = document.createElement("div");
  host.id = "kefu-widget";
  if (config.theme !== "auto") host.dataset.theme = config.theme;
  const root = host.attachShadow({ mode: "open" });
  style(root, tokens + header + composer + messages + cards + states + base + accentRules(config.accent));
  document.body.append(host);

  const client = new Client(config);
  client.start();
  render(
    <GroundContext.Provider value={{ client, config }}>
      <App />
    </GroundContext.Provider>,
    root,
  );
  new MutationObserver(() => client.identify(readConfig(script).identity)).observe(script, {
    attributeFilter: ["data-identity"],
  });
  window.Kefu = {
    open: () => client.setOpen(true),
    close: () => client.setOpen(false),
    sendMessage: (text) => {
      client.setOpen(true);
      client.send(String(text));
    },
  };
}

// Taken now: once the script has run, the page no longer tells which tag it was.
const script = document.currentScript;
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script);
  else document.addEventListener("DOMContentLoaded", () => start(script), { once: true });
}
