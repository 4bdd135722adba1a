// Here the chat is the page: it fills the window, and there is nothing to close it for.
(() => {
  const whole = new CSSStyleSheet();
  whole.replaceSync(`
    :host .panel {
      inset: 0 !important;
      margin-inline: auto;
      width: min(760px, 100%);
      max-width: none;
      height: 100vh;
      height: var(--view, 100dvh);
      border-radius: 0;
      animation: none;
    }
    .launcher, .teaser, [data-testid="kefu-close"] { display: none; }
  `);
  window.Kefu?.on("ready", () => {
    const { shadowRoot } = document.getElementById("kefu-widget");
    shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, whole];
    window.Kefu.on("close", () => queueMicrotask(() => window.Kefu.open())); // Escape closes it
    window.Kefu.open();
  });
})();
