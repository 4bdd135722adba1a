import { Button, ColorInput, NumberInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { ApiError, reasonOf, unwrap } from "../../api/problems";
import type { SiteEdit, SiteView } from "../../api/types";
import { useFields } from "../../shared/useFields";
import styles from "../Settings.module.css";
import { draftOf, editOf, type SiteDraft } from "./draft";
import { Forms } from "./Forms";
import { Greetings } from "./Greetings";
import { PreChat } from "./PreChat";
import { problemsOf, type Problems, refused, visible } from "./problems";
import { Sketch } from "./Sketch";
import widget from "./Widget.module.css";
import { Words } from "./Words";

const NONE: Problems = new Map();

export function SiteForm({ site, calendars }: { site: SiteView; calendars: readonly string[] }) {
  const client = useQueryClient();
  const { values, set: setFields, reset: resetFields, isChanged } = useFields<SiteDraft>(draftOf(site));
  const [hasTried, setTried] = useState(false);
  const [refusals, setRefusals] = useState(NONE);
  const form = useRef<HTMLFormElement>(null);
  const toFirst = useRef(false);
  const found = problemsOf(values);
  const problems = visible(found, refusals, hasTried);
  const save = useMutation({
    mutationFn: (body: SiteEdit) =>
      unwrap(api.PATCH("/api/v1/sites/{site_key}", { params: { path: { site_key: site.site_key } }, body })),
    onSuccess: (stored) => {
      client.setQueryData(keys.site(site.site_key), stored);
      notifications.show({ color: "green", title: "Saved", message: "Visitors see it within a minute." });
    },
    onError: (error) => {
      if (error instanceof ApiError) setRefusals(refused(error.fields, values.texts));
      toFirst.current = true;
      notifications.show({ color: "red", title: "The settings were not stored", message: reasonOf(error) });
    },
  });

  // Once what is wrong has been drawn: rows that were folded stand open.
  useEffect(() => {
    if (!toFirst.current) return;
    toFirst.current = false;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  });

  function set(change: Partial<SiteDraft>) {
    setRefusals(NONE);
    setFields(change);
  }

  function reset() {
    setRefusals(NONE);
    setTried(false);
    resetFields();
  }

  function submit() {
    if (found.size === 0) save.mutate(editOf(values, site.version));
    else {
      setTried(true);
      toFirst.current = true;
    }
  }

  return (
    <form
      ref={form}
      className={widget.columns}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={styles.form}>
        <div className={styles.two}>
          <TextInput
            label="Name in the header"
            placeholder={site.name}
            maxLength={60}
            value={values.title}
            onChange={(event) => set({ title: event.currentTarget.value })}
          />
          <ColorInput
            label="Accent"
            placeholder="Kefu’s own"
            format="hex"
            withEyeDropper={false}
            value={values.accent}
            error={problems.get("appearance.accent")?.message}
            onChange={(accent) => set({ accent })}
          />
        </div>
        <div className={styles.two}>
          <Select
            label="Light or dark"
            allowDeselect={false}
            data={[
              { value: "auto", label: "As the visitor’s device" },
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
            ]}
            value={values.theme}
            onChange={(theme) => set({ theme: (theme ?? "auto") as SiteDraft["theme"] })}
          />
          <Select
            label="Side of the page"
            allowDeselect={false}
            data={[
              { value: "right", label: "Right" },
              { value: "left", label: "Left" },
            ]}
            value={values.side}
            onChange={(side) => set({ side: (side ?? "right") as SiteDraft["side"] })}
          />
        </div>
        <TagsInput
          label="Languages"
          description="The first is the default: en, zh-CN, ar …"
          error={problems.get("locales")?.message}
          maxTags={20}
          value={values.locales}
          onChange={(locales) => set({ locales })}
        />
        <Select
          label="People answer in the open hours of"
          placeholder="Nothing is said about hours"
          clearable
          data={[...calendars]}
          value={values.calendar}
          onChange={(calendar) => set({ calendar })}
        />
        <NumberInput
          label="Close a chat that was quiet for"
          placeholder="It stays open"
          suffix=" h"
          min={1}
          max={8_760}
          allowDecimal={false}
          thousandSeparator=","
          value={values.closeAfter}
          error={problems.get("close_after_hours")?.message}
          onChange={(closeAfter) => set({ closeAfter })}
        />
        <Switch
          label="Take messages outside these hours; each becomes a ticket"
          checked={values.offline}
          onChange={(event) => set({ offline: event.currentTarget.checked })}
        />
        <Switch
          label="Only customers whom the shop has signed in may chat"
          checked={values.identity}
          onChange={(event) => set({ identity: event.currentTarget.checked })}
        />
        <Switch
          label="Its customer numbers are the shop’s own"
          description="As in imports and on other sites that share; else number 42 here is somebody else there"
          checked={values.shares}
          onChange={(event) => set({ shares: event.currentTarget.checked })}
        />
        <Switch
          label="Offer a sound for new messages"
          checked={values.sound}
          onChange={(event) => set({ sound: event.currentTarget.checked })}
        />
        <Greetings
          greetings={values.greetings}
          locales={values.locales}
          problems={problems}
          change={(greetings) => set({ greetings })}
        />
        <PreChat draft={values} problems={problems} set={set} />
        <Forms
          forms={values.forms}
          locales={values.locales}
          problems={problems}
          change={(forms) => set({ forms })}
        />
        <Words
          texts={values.texts}
          locales={values.locales}
          problems={problems}
          change={(texts) => set({ texts })}
        />
        <div className={`${styles.foot} ${widget.save}`}>
          <Button type="submit" disabled={!isChanged} loading={save.isPending}>
            Save
          </Button>
          <Button variant="default" disabled={!isChanged} onClick={reset}>
            Take back
          </Button>
          {problems.size > 0 && (
            <span className={widget.wrong} role="status">
              {problems.size === 1 ? "One thing is to be mended" : `${problems.size} things are to be mended`}
            </span>
          )}
        </div>
      </div>
      <Sketch draft={values} name={site.name} />
    </form>
  );
}
