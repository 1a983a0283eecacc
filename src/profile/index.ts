export { Profile } from './profile';
export { type ProfileSettings, type SandboxProfileSettings } from './profile-settings';
