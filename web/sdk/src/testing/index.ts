// For tests of what is built on the SDK: a service and a browser in memory.
//
//   const service = new FakeService();
//   const manager = await new FakeBrowser().openTab({ service });
//   await manager.register({ email: 'ada@example.org', password: 'correct horse' });
export { FakeBrowser, type FakeTabOptions } from './fake-browser';
export { type FakeRequest, FakeService, type Refusal } from './fake-service';
export { type FakeChange, type FakeTask, FakeTasks } from './fake-tasks';
