import { Button, Checkbox, Modal, Select, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/client";
import { keys } from "../../api/keys";
import { reasonOf, unwrap } from "../../api/problems";
import type { CalendarView, NewCalendar } from "../../api/types";
import { ConfirmButton } from "../../shared/ConfirmButton";
import { countryName } from "../../shared/countries";
import { useFields } from "../../shared/useFields";
import settings from "../Settings.module.css";
import { calendarsQuery } from "../sla/queries";
import styles from "./Calendars.module.css";
import { blankDraft, calendarOf, draftOf } from "./draft";
import { OwnDays } from "./OwnDays";
import { ComingDays } from "./Preview";
import { regionsQuery } from "./queries";
import { WeekFields } from "./WeekFields";

const ZONES = Intl.supportedValuesOf("timeZone");
const TYPING_MS = 300;

export function CalendarDialog({ calendar, close }: { calendar: CalendarView | null; close: () => void }) {
  const client = useQueryClient();
  const others = useQuery(calendarsQuery).data?.items ?? [];
  const regions = useQuery(regionsQuery).data?.items ?? [];
  const { values, set } = useFields(calendar ? draftOf(calendar) : blankDraft(others.length === 0));
  const wanted = calendarOf(values);
  const [tried] = useDebouncedValue(wanted, TYPING_MS);
  const subdivisions = regions.find((one) => one.country === values.country)?.subdivisions ?? [];
  const zones = ZONES.includes(values.time_zone) ? ZONES : [values.time_zone, ...ZONES];
  const done = () => {
    void client.invalidateQueries({ queryKey: keys.calendars });
    close();
  };
  const save = useMutation({
    mutationFn: (body: NewCalendar) =>
      calendar
        ? unwrap(
            api.PUT("/api/v1/business-calendars/{calendar_id}", {
              params: { path: { calendar_id: calendar.id } },
              body: { ...body, version: calendar.version },
            }),
          )
        : unwrap(api.POST("/api/v1/business-calendars", { body })),
    onSuccess: done,
    onError: (error) => {
      notifications.show({ color: "red", title: "The opening hours were not stored", message: reasonOf(error) });
      void client.invalidateQueries({ queryKey: keys.calendars });
    },
  });
  const remove = useMutation({
    mutationFn: (id: string) =>
      unwrap(api.DELETE("/api/v1/business-calendars/{calendar_id}", { params: { path: { calendar_id: id } } })),
    onSuccess: done,
    onError: (error) =>
      notifications.show({ color: "red", title: "The opening hours are still there", message: reasonOf(error) }),
  });
  const isComplete = wanted !== null && values.name.trim() !== "";
  return (
    <Modal opened onClose={close} title={<b>{calendar ? calendar.name : "New opening hours"}</b>} size="xl">
      <form
        className={settings.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted && isComplete) save.mutate(wanted);
        }}
      >
        <div className={settings.two}>
          <TextInput
            data-autofocus
            label="Name"
            required
            maxLength={200}
            value={values.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Select
            label="Time zone"
            searchable
            allowDeselect={false}
            limit={100}
            data={zones}
            value={values.time_zone}
            onChange={(time_zone) => set({ time_zone: time_zone ?? values.time_zone })}
          />
        </div>
        <div className={styles.split}>
          <div className={settings.form}>
            <WeekFields week={values.week} set={(week) => set({ week })} />
            <div className={settings.two}>
              <Select
                label="Public holidays of"
                placeholder="No country"
                clearable
                searchable
                data={regions.map((one) => ({ value: one.country, label: countryName(one.country) }))}
                value={values.country}
                onChange={(country) => set({ country, subdivision: null })}
              />
              {subdivisions.length > 0 && (
                <Select
                  label="State or region"
                  placeholder="The whole country"
                  clearable
                  searchable
                  data={subdivisions}
                  value={values.subdivision}
                  onChange={(subdivision) => set({ subdivision })}
                />
              )}
            </div>
            <OwnDays days={values.days} set={(days) => set({ days })} />
            <Checkbox
              label="The usual hours, where nothing else is said"
              checked={values.is_default}
              onChange={(event) => set({ is_default: event.currentTarget.checked })}
            />
          </div>
          <section aria-label="Preview">
            <h3>How this would be</h3>
            <ComingDays calendar={wanted && tried} />
          </section>
        </div>
        <div className={settings.foot}>
          <Button type="submit" disabled={!isComplete} loading={save.isPending}>
            Save
          </Button>
          {calendar && (
            <ConfirmButton
              label="Remove"
              question={`“${calendar.name}” is forgotten. That works only while no service level counts by it.`}
              confirm="Remove it"
              busy={remove.isPending}
              run={() => remove.mutate(calendar.id)}
            />
          )}
        </div>
      </form>
    </Modal>
  );
}
