// The pages of the console: where each is, and its heading.
const i = '/instances/kestrel-msp';

// pages gives those of a typical instance; asset, customer, run and plan are
// records of it.
export const pages = ({ asset, customer, run, plan }) => [
  { name: 'marketplace', path: '/marketplace' },
  { name: 'instances', path: '/instances' },
  { name: 'overview', path: i },
  { name: 'before-you-begin', path: `${i}/setup` },
  { name: 'connections', path: `${i}/setup/1` },
  { name: 'types', path: `${i}/setup/2` },
  { name: 'fields', path: `${i}/setup/3` },
  { name: 'asset-types', path: `${i}/setup/4` },
  { name: 'links', path: `${i}/links` },
  { name: 'links-list', path: `${i}/links?state=all&view=list`, unpictured: true },
  { name: 'assets', path: `${i}/assets` },
  { name: 'asset', path: `${i}/assets/${asset}` },
  { name: 'conflicts', path: `${i}/conflicts` },
  { name: 'passwords', path: `${i}/passwords` },
  { name: 'customers', path: `${i}/customers` },
  { name: 'customer', path: `${i}/customers/${customer}` },
  { name: 'runs', path: `${i}/runs` },
  { name: 'run', path: `${i}/runs/${run}` },
  { name: 'plans', path: `${i}/plans` },
  { name: 'plan', path: `${i}/plans/${plan}` },
  { name: 'settings', path: `${i}/settings` },
  { name: 'access', path: '/access' },
  { name: 'account', path: '/account' },
  { name: 'audit', path: '/audit' },
];

// records finds those of a typical instance.
export async function records(stage) {
  const first = async (action, input = {}) => (await stage.ana.call(action, 'kestrel-msp', { limit: 1, ...input })).items[0].id;
  await stage.ana.run('plan.create', 'kestrel-msp', {});
  return {
    asset: await first('assets.list', { side: 'left' }),
    customer: await first('customers.list', { link: 'accepted' }),
    run: await first('runs.list'),
    plan: (await stage.ana.call('plan.list', 'kestrel-msp', {})).items[0].id,
  };
}
