import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { readAccounts } from "../accounts/filters";
import { readCustomers, readOrders } from "../customers/filters";
import { ApiError } from "../api/problems";
import { LoginPage } from "../auth/LoginPage";
import { meQuery } from "../auth/session";
import { readCampaigns } from "../campaigns/filters";
import { InboxPage } from "../inbox/InboxPage";
import { readBoard, readLeads, readReport, readTasks } from "../sales/filters";
import { SETTINGS } from "../settings/sections";
import { Shell } from "../shell/Shell";
import { Failed, Loading } from "../shared/States";
import { readFilters, type TicketFilters } from "../tickets/filters";
import { NotFoundPage } from "./NotFoundPage";

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: NotFoundPage,
});

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search): { next?: string } => {
    const next = search.next;
    // Only a place inside the console: a link must not lead a fresh log-in elsewhere.
    return typeof next === "string" && /^\/(?!\/)/.test(next) ? { next } : {};
  },
  component: LoginPage,
});

const loggedIn = createRoute({
  getParentRoute: () => root,
  id: "in",
  beforeLoad: async ({ context, location }) => {
    try {
      return { me: await context.client.ensureQueryData(meQuery) };
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/login", search: { next: location.href } });
      }
      throw error;
    }
  },
  errorComponent: ({ error, reset }) => (
    <Failed what="The console could not be opened." error={error} retry={reset} />
  ),
  component: Shell,
});

const home = createRoute({
  getParentRoute: () => loggedIn,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox/$view", params: { view: "waiting" } });
  },
});

const inbox = createRoute({
  getParentRoute: () => loggedIn,
  path: "/inbox/$view",
  component: InboxPage,
});

const conversation = createRoute({ getParentRoute: () => inbox, path: "$conversationId" });

interface Search {
  q?: string;
}

function readSearch(search: Record<string, unknown>): Search {
  return typeof search.q === "string" && search.q ? { q: search.q } : {};
}

const customers = createRoute({
  getParentRoute: () => loggedIn,
  path: "/customers",
  validateSearch: readCustomers,
  component: lazyRouteComponent(() => import("../customers/CustomersPage"), "CustomersPage"),
});

const orders = createRoute({
  getParentRoute: () => loggedIn,
  path: "/customers/orders",
  validateSearch: readOrders,
  component: lazyRouteComponent(() => import("../customers/OrdersPage"), "OrdersPage"),
});

const customer = createRoute({
  getParentRoute: () => loggedIn,
  path: "/customers/$customerId",
  component: lazyRouteComponent(() => import("../customers/CustomerPage"), "CustomerPage"),
});

export interface DuplicateFilters {
  status?: "merged" | "rejected";
}

const duplicates = createRoute({
  getParentRoute: () => loggedIn,
  path: "/duplicates",
  validateSearch: (search): DuplicateFilters =>
    search.status === "merged" || search.status === "rejected" ? { status: search.status } : {},
  component: lazyRouteComponent(() => import("../duplicates/DuplicatesPage"), "DuplicatesPage"),
});

const duplicate = createRoute({ getParentRoute: () => duplicates, path: "$pairId" });

export interface TranscriptFilters extends Search {
  intent?: string;
  sentiment?: "negative" | "neutral" | "positive";
}

const transcripts = createRoute({
  getParentRoute: () => loggedIn,
  path: "/transcripts",
  validateSearch: (search): TranscriptFilters => ({
    ...readSearch(search),
    ...(typeof search.intent === "string" && search.intent ? { intent: search.intent } : {}),
    ...(search.sentiment === "negative" ||
    search.sentiment === "neutral" ||
    search.sentiment === "positive"
      ? { sentiment: search.sentiment }
      : {}),
  }),
  component: lazyRouteComponent(() => import("../transcripts/TranscriptsPage"), "TranscriptsPage"),
});

const transcript = createRoute({ getParentRoute: () => transcripts, path: "$conversationId" });

const tickets = createRoute({
  getParentRoute: () => loggedIn,
  path: "/tickets",
  validateSearch: (search): TicketFilters => readFilters(search),
  component: lazyRouteComponent(() => import("../tickets/TicketsPage"), "TicketsPage"),
});

const ticket = createRoute({ getParentRoute: () => tickets, path: "$number" });

const sales = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales",
  validateSearch: readBoard,
  component: lazyRouteComponent(() => import("../sales/BoardPage"), "BoardPage"),
});

const opportunity = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/opportunities/$opportunityId",
  component: lazyRouteComponent(() => import("../sales/OpportunityPage"), "OpportunityPage"),
});

const leads = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/leads",
  validateSearch: readLeads,
  component: lazyRouteComponent(() => import("../sales/LeadsPage"), "LeadsPage"),
});

const tasks = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/tasks",
  validateSearch: readTasks,
  component: lazyRouteComponent(() => import("../sales/TasksPage"), "TasksPage"),
});

const salesReport = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/report",
  validateSearch: readReport,
  component: lazyRouteComponent(() => import("../sales/ReportPage"), "ReportPage"),
});

const accounts = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/accounts",
  validateSearch: readAccounts,
  component: lazyRouteComponent(() => import("../accounts/AccountsPage"), "AccountsPage"),
});

const account = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/accounts/$accountId",
  component: lazyRouteComponent(() => import("../accounts/AccountPage"), "AccountPage"),
});

const campaigns = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/campaigns",
  validateSearch: readCampaigns,
  component: lazyRouteComponent(() => import("../campaigns/CampaignsPage"), "CampaignsPage"),
});

const campaign = createRoute({
  getParentRoute: () => loggedIn,
  path: "/sales/campaigns/$campaignId",
  component: lazyRouteComponent(() => import("../campaigns/CampaignPage"), "CampaignPage"),
});

const settings = createRoute({
  getParentRoute: () => loggedIn,
  path: "/settings",
  component: lazyRouteComponent(() => import("../settings/SettingsPage"), "SettingsPage"),
});

const firstSetting = createRoute({
  getParentRoute: () => settings,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: SETTINGS[0].to });
  },
});

const pipelineSettings = createRoute({
  getParentRoute: () => settings,
  path: "pipelines",
  component: lazyRouteComponent(() => import("../settings/pipelines/PipelinesPage"), "PipelinesPage"),
});

const serviceLevels = createRoute({
  getParentRoute: () => settings,
  path: "service-levels",
  component: lazyRouteComponent(() => import("../settings/sla/PoliciesPage"), "PoliciesPage"),
});

const openingHours = createRoute({
  getParentRoute: () => settings,
  path: "hours",
  component: lazyRouteComponent(() => import("../settings/calendars/CalendarsPage"), "CalendarsPage"),
});

const widgetSettings = createRoute({
  getParentRoute: () => settings,
  path: "widget",
  component: lazyRouteComponent(() => import("../settings/widget/WidgetPage"), "WidgetPage"),
});

const insights = createRoute({
  getParentRoute: () => loggedIn,
  path: "/insights",
  component: lazyRouteComponent(() => import("../insights/InsightsPage"), "InsightsPage"),
});

const tree = root.addChildren([
  login,
  loggedIn.addChildren([
    home,
    inbox.addChildren([conversation]),
    customers,
    orders,
    customer,
    duplicates.addChildren([duplicate]),
    tickets.addChildren([ticket]),
    sales,
    opportunity,
    leads,
    tasks,
    salesReport,
    accounts,
    account,
    campaigns,
    campaign,
    settings.addChildren([firstSetting, pipelineSettings, serviceLevels, openingHours, widgetSettings]),
    transcripts.addChildren([transcript]),
    insights,
  ]),
]);

export function makeRouter(client: QueryClient) {
  return createRouter({
    routeTree: tree,
    basepath: "/console",
    context: { client },
    defaultPreload: "intent",
    defaultPendingComponent: () => <Loading rows={6} />,
    scrollRestoration: true,
  });
}
