import { type Chromium, describeInChromium, openChromium } from './browser.js';
import { type Product, startProduct } from './product.js';

const EDITOR_MS = 20_000;

describeInChromium('GraphiQL', () => {
  let product: Product;
  let chromium: Chromium;
  beforeAll(async () => {
    product = await startProduct();
    chromium = await openChromium();
    chromium.page.setDefaultTimeout(EDITOR_MS);
    await chromium.page.goto(`${product.url}/graphiql`);
  }, 2 * EDITOR_MS);
  afterAll(async () => {
    await chromium.close();
    await product.close();
  });

  const run = async () => {
    // The editor and the token come after the button.
    await chromium.page.locator('.graphiql-query-editor', { hasText: 'zoomConnection' }).waitFor();
    await chromium.page.locator('.graphiql-editor-tool', { hasText: 'Bearer' }).waitFor();
    await chromium.page.locator('.graphiql-execute-button').click();
    await chromium.page.locator('.result-window', { hasText: 'NOT_CONNECTED' }).waitFor();
  };

  test('runs a query as the development user', async () => {
    await run();
    expect(await chromium.page.locator('.result-window').textContent()).toContain('demo-user');
  });

  test('still holds a token after the page is loaded again', async () => {
    await chromium.page.reload();
    await run();
  });

  test('knows the schema, and reads it out of nothing but this server', async () => {
    const elsewhere: string[] = [];
    chromium.page.on('request', (request) => {
      if (!request.url().startsWith(product.url) && !/^(blob|data):/.test(request.url()))
        elsewhere.push(request.url());
    });
    await chromium.page.reload();
    await chromium.page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
    await chromium.page.getByText('A GraphQL schema provides a root type').waitFor();
    expect(elsewhere).toEqual([]);
    expect(chromium.complaints).toEqual([]);
  });
});
