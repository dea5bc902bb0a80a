// What is written is kept in this browser at every key, until the newsroom has acknowledged it.
import type { Content } from './api'

export interface Kept { id: string, account: string, version: number, contentVersion: number, content: Content, at: string }

const store = 'unsaved'
let opening: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  return opening ??= new Promise((done, fail) => {
    const request = indexedDB.open('newsroom', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(store, { keyPath: ['account', 'id'] })
    request.onsuccess = () => done(request.result)
    request.onerror = () => fail(request.error ?? new Error('the browser keeps nothing'))
  })
}

async function run<T>(mode: IDBTransactionMode, f: (s: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const db = await open()
  return new Promise((done, fail) => {
    const tx = db.transaction(store, mode)
    const request = f(tx.objectStore(store))
    tx.oncomplete = () => done(request.result)
    tx.onerror = tx.onabort = () => fail(tx.error ?? new Error('the browser keeps nothing'))
  })
}

export const keep = (k: Kept): Promise<unknown> => run('readwrite', (s) => s.put(k))
export const forget = (account: string, id: string): Promise<unknown> => run('readwrite', (s) => s.delete([account, id]))
export const kept = (account: string, id: string): Promise<Kept | undefined> => run('readonly', (s) => s.get([account, id]) as IDBRequest<Kept | undefined>)
