// Where a user's files go, on each system.
import { describe, expect, it } from 'vitest'
import { userFolder } from '../../src/user-folders.ts'

describe('the folder for caches', () => {
  const home = { HOME: '/home/ann' }
  it.each([
    { platform: 'linux', environment: home, folder: '/home/ann/.cache/framemill' },
    { platform: 'linux', environment: { ...home, XDG_CACHE_HOME: '/var/cache/ann' }, folder: '/var/cache/ann/framemill' },
    { platform: 'linux', environment: { ...home, XDG_CACHE_HOME: 'relative' }, folder: '/home/ann/.cache/framemill' },
    { platform: 'darwin', environment: home, folder: '/home/ann/Library/Caches/framemill' },
    {
      platform: 'win32',
      environment: { LOCALAPPDATA: 'C:\\Users\\ann\\AppData\\Local' },
      folder: 'C:\\Users\\ann\\AppData\\Local\\framemill',
    },
    { platform: 'win32', environment: { USERPROFILE: 'C:\\Users\\ann' }, folder: 'C:\\Users\\ann\\AppData\\Local\\framemill' },
    { platform: 'linux', environment: { ...home, FRAMEMILL_CACHE_DIR: '/scratch/index' }, folder: '/scratch/index' },
    { platform: 'linux', environment: { ...home, FRAMEMILL_CACHE_DIR: '' }, folder: '/home/ann/.cache/framemill' },
  ] as const)('is $folder on $platform', ({ platform, environment, folder: expectedFolder }) => {
    expect(userFolder('cache', environment, platform)).toBe(expectedFolder)
  })
})

describe('the folder for configuration', () => {
  const home = { HOME: '/home/ann' }
  it.each([
    { platform: 'linux', environment: home, folder: '/home/ann/.config/framemill' },
    { platform: 'linux', environment: { ...home, XDG_CONFIG_HOME: '/etc/ann' }, folder: '/etc/ann/framemill' },
    { platform: 'darwin', environment: home, folder: '/home/ann/Library/Application Support/framemill' },
    { platform: 'win32', environment: { USERPROFILE: 'C:\\Users\\ann' }, folder: 'C:\\Users\\ann\\AppData\\Roaming\\framemill' },
    { platform: 'linux', environment: { ...home, FRAMEMILL_CONFIG_DIR: '/srv/settings' }, folder: '/srv/settings' },
  ] as const)('is $folder on $platform', ({ platform, environment, folder }) => {
    expect(userFolder('config', environment, platform)).toBe(folder)
  })
})
