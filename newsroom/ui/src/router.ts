// Where one is, in the address: views and filters can be kept, sent and gone back to.
import { useEffect, useState } from 'preact/hooks'
import addresses from './views.json'

export type ViewName = keyof typeof addresses

const patterns = (Object.entries(addresses) as [ViewName, string][]).map(([name, address]) =>
  [name, new RegExp('^' + address.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)') + '$')] as const)

/** The view at a path with what the path names; nothing where the newsroom's interface has none. The list is views.json, of which the
 * newsroom's listener makes its routes, too. */
export function viewAt(path: string): { name: ViewName, id: string, number: string } | undefined {
  for (const [name, pattern] of patterns) {
    const m = pattern.exec(path)
    if (m) return { name, id: m.groups?.id ?? '', number: m.groups?.number ?? '' }
  }
  return undefined
}

const changed = new Set<() => void>()

export const here = (): URL => new URL(location.href)

export function go(to: string, replace = false): void {
  if (to === location.pathname + location.search) return
  history[replace ? 'replaceState' : 'pushState'](null, '', to)
  for (const f of changed) f()
  if (!replace) scrollTo(0, 0)
}

export function useAddress(): URL {
  const [address, set] = useState(here)
  useEffect(() => {
    const look = (): void => set(here())
    changed.add(look)
    addEventListener('popstate', look)
    return () => {
      changed.delete(look)
      removeEventListener('popstate', look)
    }
  }, [])
  return address
}

/** Links of the interface's own pages do not load the page anew. */
export function followLinks(): void {
  document.addEventListener('click', (e) => {
    const a = e.target instanceof Element ? e.target.closest('a') : null
    if (!a || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey || a.target || a.hasAttribute('download')) return
    if (a.origin !== location.origin || a.hash || !viewAt(a.pathname)) return
    e.preventDefault()
    go(a.pathname + a.search)
  })
}
