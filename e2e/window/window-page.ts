import { expect, type Locator, type Page } from '@playwright/test';

type Tab =
  'Overview' | 'Logs' | 'Terminal' | 'Files' | 'Stats' | 'Processes' | 'Changed files' | 'Events' | 'Inspect';

/** The window as a person finds their way in it: by roles and names, the same in Electron and in the browser. */
export class WindowPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async goTo(place: 'Containers' | 'Images' | 'Volumes' | 'Networks' | 'Builds' | 'Events'): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click();
    await expect(this.page.getByRole('region', { name: place })).toBeVisible();
  }

  row(name: string | RegExp): Locator {
    return this.page.getByRole('row').filter({ hasText: name });
  }

  get dialog(): Locator {
    return this.page.getByRole('dialog');
  }

  /** Leaves the pull under way, with its panel open. */
  async pull(reference: string): Promise<Locator> {
    await this.goTo('Images');
    await this.page.getByRole('button', { name: 'Pull image' }).first().click();
    await this.dialog.getByRole('textbox', { name: 'Image' }).fill(reference);
    await this.dialog.getByRole('button', { name: 'Pull', exact: true }).click();
    return this.page.getByRole('complementary', { name: /^Pull of/ });
  }

  /** `filledIn` is called before the button is pressed. */
  async run(
    settings: { image: string; name: string; command: string },
    filledIn?: () => Promise<void>,
  ): Promise<void> {
    await this.goTo('Containers');
    await this.page.getByRole('button', { name: 'Run container' }).first().click();
    await this.dialog.getByLabel('Image', { exact: true }).fill(settings.image);
    await this.dialog.getByLabel('Name', { exact: true }).fill(settings.name);
    await this.dialog.getByLabel('Command', { exact: true }).fill(settings.command);
    await filledIn?.();
    await this.dialog.getByRole('button', { name: 'Run', exact: true }).click();
    await expect(this.dialog).toBeHidden();
  }

  async openTab(tab: Tab): Promise<void> {
    await this.page.getByRole('tab', { name: tab, exact: true }).click();
    await expect(this.page.getByRole('tab', { name: tab, exact: true })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  }

  log(name: string): Locator {
    return this.page.getByRole('group', { name: `Log of ${name}` });
  }

  terminal(name: string): Locator {
    return this.page.getByRole('group', { name: `Terminal in ${name}` });
  }

  async type(command: string): Promise<void> {
    await this.page.keyboard.type(`${command}\n`);
  }

  async menuAction(action: string): Promise<void> {
    await this.page.getByRole('button', { name: 'More actions' }).first().click();
    await this.page.getByRole('menuitem', { name: action }).click();
  }
}
