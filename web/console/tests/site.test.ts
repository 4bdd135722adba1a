import { describe, expect, test } from "vitest";
import type { SiteView } from "../src/api/types";
import { blankForm, blankGreeting, blankWord, draftOf, editOf } from "../src/settings/widget/draft";
import { asKind, blankField, nameFrom } from "../src/settings/widget/fields";
import { blanksOf, PHRASES, usual } from "../src/settings/widget/phrases";
import { hasProblem, problemsOf, refused, visible } from "../src/settings/widget/problems";

const stored: SiteView = {
  id: "s",
  site_key: "demo-shop",
  name: "Shop",
  origins: [],
  version: 4,
  calendar: "Desk",
  identity_required: false,
  shares_customers: false,
  settings: {
    locales: { default: "zh-CN", offered: ["en", "zh-CN"] },
    appearance: { title: "Camp desk", accent: "#1f6f54", theme: "dark", side: "left" },
    texts: { en: { send: "Post" }, "zh-CN": { send: "寄出", skip: "不用了" } },
    pre_chat: {
      intro: { en: "Hello" },
      fields: [
        { name: "email", kind: "email", label: { en: "E-mail" }, required: true, options: [], max_length: 254 },
        {
          name: "topic",
          kind: "select",
          label: { en: "Topic" },
          required: false,
          options: [{ value: "tents", label: { en: "Tents" } }],
          max_length: 200,
        },
      ],
    },
    offline_form: true,
    greetings: [{ id: "hi", path: "/shop/*", after_seconds: 0, text: { en: "Hi" } }],
    forms: [
      {
        id: "damage",
        title: { en: "Damage" },
        submit: { en: "Send" },
        fields: [{ name: "what", kind: "textarea", label: { en: "What?" }, required: true, options: [], max_length: 900 }],
      },
    ],
    sound: true,
    close_after_hours: 72,
  },
};

describe("a site's settings", () => {
  test("that nobody has changed are sent as they were, the default language first", () => {
    const { settings, version, calendar, identity_required, shares_customers } = stored;
    expect(editOf(draftOf(stored), version)).toEqual({
      ...settings,
      locales: { default: "zh-CN", offered: ["zh-CN", "en"] },
      version,
      calendar,
      identity_required,
      shares_customers,
    });
    expect(problemsOf(draftOf(stored)).size).toBe(0);
  });

  test("lose what was left blank, and what is not asked any more", () => {
    const draft = draftOf(stored);
    const edit = editOf(
      { ...draft, asks: false, texts: draft.texts.map((word) => ({ ...word, words: { en: " " } })), closeAfter: "" },
      1,
    );
    expect([edit.pre_chat, edit.texts, edit.close_after_hours]).toEqual([null, {}, null]);
  });

  test("name each wrong place as the gateway does", () => {
    const draft = draftOf(stored);
    const [field] = draft.fields;
    const [form] = draft.forms;
    const [greeting] = draft.greetings;
    if (!field || !form || !greeting) throw new Error("the site has one of each");
    const found = problemsOf({
      ...draft,
      accent: "green",
      locales: ["en", "EN"],
      closeAfter: 9_000,
      greetings: [{ ...greeting, path: "shop", text: {} }],
      fields: [field, { ...field, key: "b" }, { ...field, key: "c", name: "9", label: { en: " " } }],
      forms: [{ ...form, id: "Damage", fields: [] }],
    });
    expect([...found.keys()].sort()).toEqual([
      "appearance.accent",
      "close_after_hours",
      "forms.0.fields",
      "forms.0.id",
      "greetings.0.path",
      "greetings.0.text",
      "locales",
      "pre_chat.fields.1.name",
      "pre_chat.fields.2.label",
      "pre_chat.fields.2.name",
    ]);
    expect(hasProblem(found, "pre_chat.fields.1")).toBe(true);
    expect(hasProblem(found, "pre_chat.fields.0")).toBe(false);
  });

  test("new rows are only blank: that is told when somebody tries to save", () => {
    const draft = draftOf(stored);
    const found = problemsOf({
      ...draft,
      greetings: [blankGreeting([])],
      fields: [{ ...blankField(), ...asKind(blankField(), "select") }],
      forms: [blankForm(["en"])],
      texts: [blankWord()],
    });
    expect(visible(found, new Map(), false).size).toBe(0);
    expect(visible(found, new Map(), true).size).toBe(found.size);
    expect(found.size).toBeGreaterThan(8);
  });

  test("that the gateway refuses are shown where they are edited", () => {
    const { texts } = draftOf(stored);
    const found = refused({ "texts.zh-CN.skip": "too long", "forms.0.title": "no" }, texts);
    expect([...found]).toEqual([
      ["texts.1.words", { message: "Too long", isBlank: false }],
      ["forms.0.title", { message: "No", isBlank: false }],
    ]);
  });
});

describe("names in the data", () => {
  test.each([
    ["E-mail address", [], "e_mail_address"],
    ["Größe des Zelts", [], "grosse_des_zelts"],
    ["2nd choice", [], "nd_choice"],
    ["尺寸", [], "field"],
    ["Size", ["size", "size_2"], "size_3"],
    ["a".repeat(80), [], "a".repeat(32)],
  ])("%j is called so that programs can", (words, others, name) => expect(nameFrom(words, others, "field")).toBe(name));
});

test("another kind of field has the length that is usual for it, unless one was chosen", () => {
  expect(asKind(blankField(), "textarea")).toEqual({ kind: "textarea", maxLength: 1_000 });
  expect(asKind({ ...blankField(), maxLength: 50 }, "textarea")).toEqual({ kind: "textarea" });
  expect(asKind(blankField(), "select").options).toHaveLength(2);
});

test("the widget's own phrases are those of its language files", () => {
  expect(PHRASES).toContainEqual({ value: "talk", label: "Talk to a person" });
  expect(usual("send", "zh-CN")).not.toBe(usual("send", "en"));
  expect(usual("send", "fr")).toBe(usual("send", "en"));
  expect(blanksOf("queuePlace")).toEqual(["{count}"]);
});
