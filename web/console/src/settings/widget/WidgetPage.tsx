import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Empty, Failed, Loading } from "../../shared/States";
import { Head } from "../Head";
import { calendarsQuery } from "../sla/queries";
import { siteQuery, sitesQuery } from "./queries";
import { SiteForm } from "./SiteForm";

export function WidgetPage() {
  const sites = useQuery(sitesQuery);
  const calendars = useQuery(calendarsQuery);
  const [chosen, setChosen] = useState<string | null>(null);
  const items = sites.data?.items ?? [];
  const siteKey = chosen ?? items[0]?.site_key ?? "";
  const site = useQuery({ ...siteQuery(siteKey), enabled: siteKey !== "" });
  const failed = [sites, calendars, site].find((query) => query.isError);
  return (
    <>
      <Head title="Widget" about="How the chat looks, greets and asks on a shop's pages. Visitors see it within a minute.">
        {items.length > 1 && (
          <Select
            aria-label="Site"
            allowDeselect={false}
            data={items.map((one) => ({ value: one.site_key, label: one.name }))}
            value={siteKey}
            onChange={setChosen}
          />
        )}
      </Head>
      {failed ? (
        <Failed
          what="The widget's settings could not be loaded."
          error={failed.error}
          retry={() => void failed.refetch()}
        />
      ) : sites.isSuccess && items.length === 0 ? (
        <Empty title="There is no site yet" icon="link">
          <code>kefu site add</code> makes one and prints the secret that signs its customers’ identities.
        </Empty>
      ) : site.data && calendars.data ? (
        <SiteForm
          key={`${site.data.site_key}:${site.data.version}`}
          site={site.data}
          calendars={calendars.data.items.map((one) => one.name)}
        />
      ) : (
        <Loading rows={5} height={64} />
      )}
    </>
  );
}
