// Package search finds things by their words, in a way that suits German, alike
// on both databases.
//
// Nouns: a document is what can be found: a message with its files, a pad. It
// lies at a place of a scope, "room:ID" for instance; who may read the scope may find
// the document. A term is a word or phrase of a query. A gram is a group of
// three letters.
//
// How texts meet: [Fold] takes away case, accents, ß and formatting. Compared are
// two forms: the folded one (Bürger = Burger) and one without the e of spelled-out
// umlauts (Bürger = Buerger = Burger). A term is found anywhere inside a word, so
// that Satzung finds Haushaltssatzungen.
//
// The index: for each scope, and in it for each block of 4096 places, search_grams
// says which documents hold a gram. A question takes the scopes that the person may read,
// one by one, the newest block first, and looks at the texts of what is left, so its work
// grows with the scopes of the person and not with the database. What a person may
// not read is never looked at: it is in no count and costs no time. New documents
// lie in the tail of their scope, which is short and looked through as it is; when it has
// grown, it is packed into blocks in the background. So taking in a message
// writes one row.
//
// Invariants:
//   - A document enters in the background, behind a mark for each part of its
//     feed, and leaves, with its grams, in the transaction that deletes what
//     it stands for.
//   - What is put into the index is checked in the same transaction to be still
//     as it was read (see the feed of chat): nothing deleted comes back.
//   - When [Version] changes, or on request, everything is forgotten and the
//     feeds start again.
//
// Tables: search_scopes, search_authors, search_docs, search_grams,
// search_bodies, search_marks, search_state.
//
// Goroutines: [Index.Run] packs tails and hears the wish to build anew. Feeds run
// in the modules they belong to.
package search
