import { type Chromium, describeInChromium, openChromium } from './browser.js';
import { type Product, startProduct } from './product.js';

describeInChromium('the demo page', () => {
  let product: Product;
  let chromium: Chromium;
  beforeAll(async () => {
    product = await startProduct();
    chromium = await openChromium();
  });
  afterAll(async () => {
    await chromium.close();
    await product.close();
  });

  const status = () => chromium.page.locator('#status').textContent();
  const notice = () => chromium.page.locator('#notice').textContent();

  test('shows a new user what there is to do', async () => {
    const { page } = chromium;
    await page.goto(product.url);
    await page.getByLabel('User name').fill('anybody');
    await page.getByRole('button', { name: 'Switch' }).click();
    await page.getByRole('button', { name: 'Connect Zoom' }).waitFor();
    expect(await status()).toBe('Not connected');
    expect(await page.getByRole('button', { name: 'Disconnect' }).isVisible()).toBe(false);
  });

  test('connects through the consent page, and cleans the outcome from the address', async () => {
    const { page } = chromium;
    await page.getByRole('button', { name: 'Connect Zoom' }).click();
    await page.getByRole('button', { name: 'Allow' }).click();
    await page.getByText('Connected to the Zoom account licensed.coach@example.com.').waitFor();
    expect(page.url()).toBe(`${product.url}/`);
    expect(await status()).toBe('Connected');
    expect(await notice()).toBe('Zoom is connected.');
    await page.getByText('Licensed Coach').waitFor();
  });

  test('lists meetings, and more of them', async () => {
    const { page } = chromium;
    const meetings = page.locator('#meetings li');
    await meetings.first().waitFor();
    expect(await meetings.count()).toBe(10);
    await page.getByRole('button', { name: 'Show more' }).click();
    await meetings.nth(19).waitFor();
    expect(await page.locator('#meetings-count').textContent()).toMatch(/^20 of \d+$/);
  });

  test.each([320, 390, 1280])('needs no sideways scrolling at a width of %d', async (width) => {
    const { page } = chromium;
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });

  test('replaces the token on demand', async () => {
    await product.sandbox.resetCounters();
    await chromium.page.getByRole('button', { name: 'Refresh token' }).click();
    await chromium.page.getByText('The access token was replaced.').waitFor();
    expect((await product.sandbox.counters()).refreshes.granted).toBe(1);
  });

  test('disconnects', async () => {
    const { page } = chromium;
    await page.getByRole('button', { name: 'Disconnect' }).click();
    await page.getByText('Disconnected, here and at Zoom.').waitFor();
    expect(await status()).toBe('Disconnected');
    expect(await page.locator('#meetings-card').isVisible()).toBe(false);
    expect((await product.sandbox.grants()).filter(({ alive }) => alive)).toEqual([]);
  });

  test('tells a refusal in words', async () => {
    const { page } = chromium;
    await page.getByRole('button', { name: 'Connect again' }).click();
    await page.getByRole('button', { name: 'Decline' }).click();
    await page.getByText('You declined at Zoom. Nothing was connected.').waitFor();
    expect(page.url()).toBe(`${product.url}/`);
  });

  test('moves to the host that the redirect URI names', async () => {
    const { page } = chromium;
    await page.goto(product.url.replace('localhost', '127.0.0.1'));
    expect(page.url()).toBe(`${product.url}/`);
  });

  test('complains about nothing: no script error, nothing refused by its own policy', () => {
    expect(chromium.complaints.filter((complaint) => complaint.startsWith(product.url))).toEqual([]);
    expect(product.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
