import { Button, ColorInput, JsonInput, Select, Switch, TagsInput, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import type { SiteEdit, SiteView } from "../../api/types";
import { useFields } from "../../shared/useFields";
import styles from "../Settings.module.css";
import { draftOf, editOf, isJson, type SiteDraft } from "./draft";
import { Greetings } from "./Greetings";
import { Sketch } from "./Sketch";
import widget from "./Widget.module.css";

const NOT_JSON = "This is not JSON yet";
const RICH = [
  { name: "preChat", label: "Asked before a chat", about: "intro and fields; empty asks nothing" },
  { name: "forms", label: "Forms that can be sent into a chat", about: "id, title, submit and fields" },
  { name: "texts", label: "The widget’s own words", about: "by locale and key, where they should differ" },
] as const;

export function SiteForm({ site, calendars }: { site: SiteView; calendars: readonly string[] }) {
  const client = useQueryClient();
  const { values, set, reset, isChanged } = useFields<SiteDraft>(draftOf(site));
  const edit = editOf(values, site.version);
  const save = useMutation({
    mutationFn: (body: SiteEdit) =>
      unwrap(api.PATCH("/api/v1/sites/{site_key}", { params: { path: { site_key: site.site_key } }, body })),
    onSuccess: (stored) => {
      client.setQueryData(keys.site(site.site_key), stored);
      notifications.show({ color: "green", title: "Saved", message: "Visitors see it within a minute." });
    },
    onError: (error) =>
      notifications.show({ color: "red", title: "The settings were not stored", message: reasonOf(error) }),
  });
  return (
    <form
      className={widget.columns}
      onSubmit={(event) => {
        event.preventDefault();
        if (edit) save.mutate(edit);
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
          error={values.locales.length === 0 ? "One language at least" : null}
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
          label="Offer a sound for new messages"
          checked={values.sound}
          onChange={(event) => set({ sound: event.currentTarget.checked })}
        />
        <Greetings
          greetings={values.greetings}
          locales={values.locales}
          change={(greetings) => set({ greetings })}
        />
        {RICH.map(({ name, label, about }) => (
          <JsonInput
            key={name}
            label={label}
            description={`JSON: ${about}`}
            error={isJson(values[name]) ? null : NOT_JSON}
            autosize
            minRows={2}
            maxRows={14}
            value={values[name]}
            onChange={(text) => set({ [name]: text })}
          />
        ))}
        <div className={styles.foot}>
          <Button
            type="submit"
            disabled={!edit || !isChanged || values.locales.length === 0}
            loading={save.isPending}
          >
            Save
          </Button>
          <Button variant="default" disabled={!isChanged} onClick={reset}>
            Take back
          </Button>
        </div>
      </div>
      <Sketch draft={values} name={site.name} />
    </form>
  );
}
