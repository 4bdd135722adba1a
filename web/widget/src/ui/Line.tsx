import type { Button, Form as FormData, Payload } from "../protocol";
import type { Line as LineData } from "../lines";
import { fileSize } from "../time";
import { pieces, safeUrl } from "../url";
import { words } from "../locale";
import { sayingOf } from "../saying";
import { Cards, Follow } from "./Card";
import { Form } from "./Form";
import { useGround } from "./hooks";
import { CheckIcon, FileIcon, RetryIcon } from "./icons";

/** Text as text: line breaks kept, web addresses made links, nothing else interpreted. */
export function Text({ text }: { text: string }) {
  return (
    <>
      {pieces(text).map(({ text: part, url }, at) => (url ? <Follow key={at} url={url} title={part} plain /> : part))}
    </>
  );
}

interface Props {
  line: LineData;
  speaker: string;
  /** Whether buttons can be pressed, and the one that was. */
  live: boolean;
  chosen: Button | null;
  /** Whether the customer has filled in its form. */
  answered: boolean;
}

export function Line({ line, speaker, live, chosen, answered }: Props) {
  const { payload, outgoing, author } = line;
  const file = outgoing?.file ?? payload?.attachment ?? null;
  const fileName = file ? ("filename" in file ? file.filename : file.name) : "";
  // The gateway words a file that came without text; the file itself says it better.
  const links = payload?.links.filter((link) => safeUrl(link.url)) ?? [];
  const text = file && line.text.endsWith(fileName) ? "" : sayingOf(payload) || line.text;
  return (
    <div
      class={`line ${outgoing?.state ?? ""}`}
      data-testid="kefu-message"
      data-author={author}
      data-seq={line.seq ?? undefined}
      data-state={outgoing?.state ?? "sent"}
    >
      <span class="hidden">{speaker}: </span>
      {text ? (
        <p class="bubble" dir="auto">
          <Text text={text} />
        </p>
      ) : null}
      {file ? (
        <p class="bubble file">
          <FileIcon />
          <span class="file-name" dir="auto">
            {fileName}
          </span>
          {file.size === null ? null : <span class="file-size">{fileSize(file.size)}</span>}
        </p>
      ) : null}
      {payload?.cards.length ? <Cards cards={payload.cards} /> : null}
      {links.length ? (
        <ul class="links">
          {links.map((link, at) => (
            <li key={at}>
              <Follow url={link.url} title={link.title} />
            </li>
          ))}
        </ul>
      ) : null}
      {payload?.buttons.length ? <Buttons payload={payload} live={live} chosen={chosen} /> : null}
      {payload?.form ? <Asked form={payload.form} answered={answered} /> : null}
      {outgoing ? <Sending line={line} /> : null}
    </div>
  );
}

function Asked({ form, answered }: { form: FormData; answered: boolean }) {
  const { client } = useGround();
  return (
    <div class="card asked" data-testid="kefu-asked">
      <h3 class="card-title" dir="auto">
        {form.title}
      </h3>
      {answered ? (
        <p class="thanks">
          <CheckIcon size={18} />
          {words.sent}
        </p>
      ) : (
        <Form
          fields={form.fields}
          submit={form.submit || words.send}
          onSubmit={(values) => client.answerForm(form.id, values)}
        />
      )}
    </div>
  );
}

function Buttons({ payload, live, chosen }: { payload: Payload; live: boolean; chosen: Button | null }) {
  const { client } = useGround();
  const { buttons, event } = payload;
  // The gateway itself offers nothing but a person.
  const titleOf = ({ title }: Button) => (event ? words.talk : title);
  return (
    <ul class="buttons">
      {buttons.map((button) => (
        <li key={button.payload + button.title}>
          <button
            type="button"
            class={button === chosen ? "chosen" : undefined}
            data-testid="kefu-button"
            disabled={!live}
            onClick={() => client.send(titleOf(button), button.payload || null)}
          >
            {button === chosen ? <CheckIcon /> : null}
            {titleOf(button)}
            {button === chosen ? <span class="hidden"> ({words.chosen})</span> : null}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Sending({ line }: { line: LineData }) {
  const { client } = useGround();
  const { outgoing } = line;
  if (!outgoing) return null;
  const { clientId, state, reason, file, text } = outgoing;
  if (state !== "failed") return <p class="sending">{state === "pending" ? words.sending : words.waiting}</p>;
  if (reason === null) {
    return (
      <button type="button" class="retry" data-testid="kefu-retry" onClick={() => client.outbox.retry(clientId)}>
        <RetryIcon />
        {words.failed}
      </button>
    );
  }
  const edit = () => {
    client.outbox.discard(clientId);
    if (!file) client.setDraft(text);
  };
  return (
    <p class="refused" role="alert">
      {reason}{" "}
      <button type="button" class="plain" onClick={edit}>
        {file ? words.remove : words.edit}
      </button>
    </p>
  );
}
