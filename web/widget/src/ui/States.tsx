import { words } from "../words";
import { useGround } from "./hooks";
import { CloudIcon, NextIcon, SparkIcon } from "./icons";

/** Bubbles of the usual sizes, so that nothing jumps when the real ones come. */
export function Loading() {
  return (
    <div class="skeleton" role="status" aria-label={words.loading} data-testid="kefu-loading">
      {["wide", "mine", "tall", "mine short", "wide"].map((shape, at) => (
        <span key={at} class={`bone ${shape}`} />
      ))}
    </div>
  );
}

export function Empty() {
  const { client } = useGround();
  return (
    <div class="empty" data-testid="kefu-empty">
      <span class="empty-mark" aria-hidden="true">
        <SparkIcon size={30} />
      </span>
      <h3>
        {words.greeting.map((line) => (
          <span key={line}>{line} </span>
        ))}
      </h3>
      <p>{words.greetingMore}</p>
      <ul class="suggestions">
        {words.suggestions.map((suggestion) => (
          <li key={suggestion}>
            <button type="button" data-testid="kefu-suggestion" onClick={() => client.send(suggestion)}>
              {suggestion}
              <NextIcon />
            </button>
          </li>
        ))}
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
