import { useQuery } from "@tanstack/react-query";
import { colleaguesQuery } from "../tickets/queries";

/** A colleague's name; null while nobody has it. */
export function useColleague(id: string | null): string | null {
  const { data } = useQuery(colleaguesQuery);
  if (id === null) return null;
  return data?.items.find((person) => person.id === id)?.name ?? "A former colleague";
}

/** Who can be given something, as the choices of a field. */
export function useSellers(): { value: string; label: string }[] {
  const { data } = useQuery(colleaguesQuery);
  return (data?.items ?? [])
    .filter((person) => person.role !== "analyst")
    .map((person) => ({ value: person.id, label: person.name }));
}
