/** The names of what is cached, in one place, so that a change knows what to renew. */
export const keys = {
  me: ["me"] as const,
  views: ["view"] as const,
  view: (name: string) => ["view", name] as const,
  search: (name: string, q: string) => ["view-search", name, q] as const,
  searches: ["view-search"] as const,
  conversation: (id: string) => ["conversation", id] as const,
  conversations: ["conversation"] as const,
  thread: (id: string) => ["thread", id] as const,
  threads: ["thread"] as const,
  customer: (id: string) => ["customer", id] as const,
  customers: (q: string) => ["customers", q] as const,
  timeline: (id: string) => ["timeline", id] as const,
  order: (number: string) => ["order", number] as const,
  transcripts: (filters: object) => ["transcripts", filters] as const,
  transcript: (id: string) => ["transcript", id] as const,
  insights: (name: string) => ["insights", name] as const,
};
