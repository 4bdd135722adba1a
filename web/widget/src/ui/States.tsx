import { words } from "../locale";
import { isStaffed } from "../site";
import { awayText, LeaveButton } from "./Before";
import { useGround } from "./hooks";
import { CloudIcon, NextIcon, SparkIcon } from "./icons";

/** Bubbles of the usual sizes, so that nothing jumps when the real ones come. */
export function Loading() {
  return (
    <div class="skeleton" role="status" aria-label={words.loading} data-testid="kefu-loading">
      {["", "mine", "", "mine"].map((shape, at) => (
        <span key={at} class={`bone ${shape}`} />
      ))}
    </div>
  );
}

const SUGGESTIONS = [1, 2, 3, 4] as const;

export function Empty() {
  const { client } = useGround();
  const { site } = client;
  return (
    <div class="empty" data-testid="kefu-empty">
      <span class="empty-mark" aria-hidden="true">
        <SparkIcon size={30} />
      </span>
      <h3>
        <span>{words.greeting1} </span>
        <span>{words.greeting2}</span>
      </h3>
      <p>{words.greetingMore}</p>
      {isStaffed(site, Date.now()) ? null : (
        <p class="away" data-testid="kefu-away">
          {awayText(site.hours?.opens_at)}. {words.awayMore} {site.offline_form ? <LeaveButton /> : null}
        </p>
      )}
      <ul class="suggestions">
        {SUGGESTIONS.map((at) => {
          const suggestion = words[`suggestion${at}`];
          return (
            <li key={at}>
              <button
                type="button"
                data-testid="kefu-suggestion"
                // What the assistant is asked is in the language that it understands.
                onClick={() => client.send(words[`ask${at}`] || suggestion)}
              >
                {suggestion}
                <NextIcon />
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

export function Failed() {
  const { client } = useGround();
  return (
    <div class="failed" role="alert" data-testid="kefu-error">
      <CloudIcon />
      <h3>{words.loadFailed}</h3>
      <p>{words.loadFailedMore}</p>
      <button type="button" class="primary" onClick={() => client.retryLoading()}>
        {words.tryAgain}
      </button>
    </div>
  );
}
