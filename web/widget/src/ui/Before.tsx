/** What stands in the panel in place of the chat: the questions before it, and the message to people who are away. */

import { useEffect, useRef, useState } from "preact/hooks";
import { newId } from "../ids";
import { fill, inLocale, words } from "../locale";
import type { Field } from "../site";
import { moment } from "../time";
import { Form } from "./Form";
import { useGround } from "./hooks";
import { CheckIcon } from "./icons";

export function PreChat() {
  const { client } = useGround();
  const asked = client.site.pre_chat;
  if (!asked) return null;
  return (
    <div class="page" data-testid="kefu-pre-chat">
      <p dir="auto">{inLocale(asked.intro)}</p>
      <Form fields={asked.fields} submit={words.start} onSubmit={(values) => client.begin(values)} />
    </div>
  );
}

/** "Our team is away until Monday 09:00". */
export function awayText(opensAt: string | null | undefined): string {
  return opensAt ? fill(words.awayUntil, { time: moment(Date.parse(opensAt)) }) : words.away;
}

export function LeaveButton() {
  const { client } = useGround();
  return (
    <button
      type="button"
      class="plain"
      data-testid="kefu-leave-open"
      onClick={() => client.store.set({ leaving: true })}
    >
      {words.leave}
    </button>
  );
}

function field(name: string, kind: Field["kind"], label: string, max_length: number): Field {
  return { name, kind, label: { "": label }, required: name !== "name", options: [], max_length };
}

export function Leave() {
  const { client } = useGround();
  const clientId = useRef(newId());
  const title = useRef<HTMLHeadingElement>(null);
  const [number, setNumber] = useState<string | null>(null);
  const back = () => client.store.set({ leaving: false });
  useEffect(() => title.current?.focus(), [number]);
  return (
    <div class="page" data-testid="kefu-leave">
      <h3 ref={title} tabIndex={-1}>
        {words.leave}
      </h3>
      {number === null ? (
        <>
          <p>
            {awayText(client.site.hours?.opens_at)}. {words.leaveMore}
          </p>
          <Form
            fields={[
              field("name", "text", words.nameField, 120),
              field("email", "email", words.emailField, 254),
              field("text", "textarea", words.textField, 2_000),
            ]}
            submit={words.send}
            onSubmit={async (values) => setNumber(await client.leave(clientId.current, values))}
            onCancel={back}
          />
        </>
      ) : (
        <>
          <p class="thanks" role="status">
            <CheckIcon size={18} />
            {fill(words.leaveDone, { number })}
          </p>
          <button type="button" class="primary" onClick={back}>
            {words.back}
          </button>
        </>
      )}
    </div>
  );
}
