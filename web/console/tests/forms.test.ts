import { describe, expect, it } from "vitest";
import { formsIn } from "../src/inbox/forms";
import { message } from "./made";

const FORM = {
  id: "damage",
  title: "包裹损坏",
  submit: "发送",
  answered: false,
  fields: [
    { name: "what", kind: "text", label: { "zh-CN": "哪里坏了?", en: "What is broken?" } },
    {
      name: "size",
      kind: "select",
      label: { de: "Größe" },
      options: [{ value: "two", label: { en: "For two" } }],
    },
    { name: "insured", kind: "checkbox", label: { en: "Insured" } },
    { name: "more", kind: "textarea", label: { en: "More" } },
  ],
};
const asked = message(1, { author: "agent", payload: { form: FORM } });
const answer = message(3, {
  payload: {
    form_answer: { id: "damage", message_id: asked.id, values: { what: "a pole", size: "two", insured: false } },
  },
});

describe("forms in a conversation", () => {
  it("wait for their answer, and have it in whatever order they are read", () => {
    expect(formsIn([asked]).asked.get(asked.id)).toMatchObject({ title: "包裹损坏", answered: false });
    expect(formsIn([asked, message(2), answer]).asked.get(asked.id)?.answered).toBe(true);
  });

  it("tell what was answered beside what was asked; what was left blank is left out", () => {
    expect(formsIn([asked, answer]).answers.get(answer.id)).toEqual({
      title: "包裹损坏",
      facts: [
        { label: "What is broken?", value: "a pole" },
        { label: "Größe", value: "For two" },
        { label: "Insured", value: "no" },
      ],
    });
  });

  it("are told apart by the message that asked, though they are the same form twice", () => {
    const again = message(2, { author: "agent", payload: { form: FORM } });
    const { asked: all } = formsIn([asked, again, answer]);
    expect([all.get(asked.id)?.answered, all.get(again.id)?.answered]).toEqual([true, false]);
  });

  it("leave an answer as its text says where the form is not at hand, and odd payloads alone", () => {
    expect(formsIn([answer]).answers.size).toBe(0);
    expect(formsIn([message(1, { payload: { form: { fields: "?" } } }), message(2, { payload: { form_answer: 7 } })]).asked.size).toBe(0);
  });
});
