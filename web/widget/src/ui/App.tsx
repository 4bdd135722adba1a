import { useEffect, useRef } from "preact/hooks";
import { unread } from "../store";
import { words } from "../words";
import { Composer } from "./Composer";
import { Header } from "./Header";
import { useGround, useWidgetState } from "./hooks";
import { ChatIcon, CloudIcon, DownIcon, RetryIcon } from "./icons";
import { Log } from "./Log";

export function App() {
  const { client } = useGround();
  const state = useWidgetState();
  const launcher = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLElement>(null);
  const wasOpen = useRef(state.open);
  const count = state.open ? 0 : unread(state);

  useEffect(() => {
    if (wasOpen.current && !state.open) launcher.current?.focus({ preventScroll: true });
    wasOpen.current = state.open;
  }, [state.open]);

  useEffect(() => {
    const view = window.visualViewport;
    if (!state.open || !view) return;
    // A phone's keyboard covers the page without making it smaller; only this tells.
    const fit = () => panel.current?.style.setProperty("--view", `${view.height}px`);
    fit();
    view.addEventListener("resize", fit);
    return () => view.removeEventListener("resize", fit);
  }, [state.open]);

  const close = () => client.setOpen(false);
  const label = state.open ? words.close : words.open;
  return (
    <div class={state.open ? "root is-open" : "root"}>
      {state.open ? (
        <section
          ref={panel}
          id="kefu-panel"
          class="panel"
          role="dialog"
          aria-labelledby="kefu-title"
          data-testid="kefu-panel"
          onKeyDown={(event) => {
            if (event.key === "Escape" && !event.isComposing) close();
          }}
        >
          <Header state={state} onClose={close} />
          {state.link === "offline" || state.link === "reconnecting" ? (
            <p class="banner" role="status" data-testid="kefu-banner">
              {state.link === "offline" ? <CloudIcon /> : <RetryIcon />}
              {words[state.link]}
            </p>
          ) : null}
          <Log state={state} />
          <Composer state={state} />
        </section>
      ) : null}
      <button
        ref={launcher}
        type="button"
        class="launcher"
        aria-label={count ? `${label}, ${words.unread(count)}` : label}
        aria-expanded={state.open}
        aria-controls="kefu-panel"
        data-testid="kefu-launcher"
        onClick={() => client.setOpen(!state.open)}
      >
        {state.open ? <DownIcon size={28} /> : <ChatIcon />}
        {count ? (
          <span class="badge" aria-hidden="true" data-testid="kefu-unread">
            {count > 9 ? "9+" : count}
          </span>
        ) : null}
      </button>
    </div>
  );
}
