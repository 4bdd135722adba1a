import { useEffect, useRef } from "preact/hooks";
import { type State, unread } from "../store";
import { fill, words } from "../locale";
import { isStaffed } from "../site";
import { awayText, Leave, LeaveButton, PreChat } from "./Before";
import { Composer } from "./Composer";
import { goRound, isPhone } from "./focus";
import { Header } from "./Header";
import { useGround, useWidgetState } from "./hooks";
import { ChatIcon, CloudIcon, DownIcon, RetryIcon } from "./icons";
import { Log } from "./Log";
import { Teaser } from "./Teaser";

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
          aria-modal={isPhone()}
          aria-labelledby="kefu-title"
          data-testid="kefu-panel"
          onKeyDown={(event) => {
            if (event.key === "Escape" && !event.isComposing) close();
            else goRound(event, event.currentTarget);
          }}
        >
          <Header state={state} onClose={close} />
          <Banner state={state} />
          <Body state={state} />
        </section>
      ) : null}
      {!state.open && state.greeting ? <Teaser greeting={state.greeting} /> : null}
      <button
        ref={launcher}
        type="button"
        class="launcher"
        aria-label={count ? `${label}, ${fill(words.unread, { count })}` : label}
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

function Body({ state }: { state: State }) {
  const { client } = useGround();
  if (client.isShut) return <p class="page">{words.signIn}</p>;
  if (state.leaving) return <Leave />;
  if (client.asksFirst()) return <PreChat />;
  return (
    <>
      <Log state={state} />
      <Composer state={state} />
    </>
  );
}

/** What matters before anything in the log: the connection, then the wait for a person. */
function Banner({ state }: { state: State }) {
  const { client } = useGround();
  const { link, owner, queuePosition, waitSeconds } = state;
  if (link === "offline" || link === "reconnecting") {
    return (
      <p class="banner" role="status" data-testid="kefu-banner">
        {link === "offline" ? <CloudIcon /> : <RetryIcon />}
        {words[link]}
      </p>
    );
  }
  if (owner.kind !== "queue") return null;
  const { site } = client;
  if (!isStaffed(site, Date.now())) {
    return (
      <p class="banner" role="status" data-testid="kefu-away">
        <span>{awayText(site.hours?.opens_at)}</span>
        {site.offline_form && !state.leaving ? <LeaveButton /> : null}
      </p>
    );
  }
  if (queuePosition === null) return null;
  return (
    <p class="banner calm" role="status" data-testid="kefu-queue">
      {queuePosition <= 1 ? words.queueNext : fill(words.queuePlace, { count: queuePosition })}{" "}
      {waitSeconds === null ? null : fill(words.queueWait, { count: Math.max(1, Math.round(waitSeconds / 60)) })}
    </p>
  );
}
