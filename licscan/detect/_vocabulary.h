/* The words of the rules in a hash table, and what str says of characters, filled in as texts need it. */

#ifndef LICSCAN_VOCABULARY_H
#define LICSCAN_VOCABULARY_H

#include "_native.h"

#define VOCABULARY "licscan.detect._native.vocabulary"
#define PAGES 0x1100 /* of 256 code points each */
#define PADDING 8    /* bytes behind a text that may be read */

enum { BREAK, WORD, PLUS, NEWLINE, WIDE };

/* One word: its first eight bytes stand beside the id, so that most look-ups touch one cache line. */
typedef struct {
    uint64_t head;
    uint32_t start, length; /* in `words`; length 0: a free slot */
    int32_t id;
} Slot;

typedef struct {
    Slot *slots;
    uint32_t mask;
    char *words;
    uint8_t known[PAGES];     /* pages that are filled; read and written under the GIL */
    uint8_t alnum[PAGES][32]; /* of a filled page's code points: letters and digits that run into words */
    uint8_t large[PAGES][32]; /* those that str.lower changes */
    uint8_t kinds[256];
} Vocabulary;

static inline uint64_t
mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 32);
}

/* The first `length` bytes, at most eight. Eight may be read: every text and word list here is padded. */
static inline uint64_t
load(const unsigned char *text, size_t length)
{
    uint64_t value;
    memcpy(&value, text, PADDING);
    if (length >= 8)
        return value;
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    return value & ~(UINT64_MAX >> (8 * length));
#else
    return value & ((UINT64_C(1) << (8 * length)) - 1);
#endif
}

static inline uint64_t
hash_word(const unsigned char *text, size_t length, uint64_t head)
{
    uint64_t hash = mix(length, head);
    for (size_t at = 8; at < length; at += 8)
        hash = mix(hash, load(text + at, length - at));
    return hash;
}

/* The word's slot, or the free one where it would stand. */
static inline Slot *
look_up(const Vocabulary *vocabulary, const unsigned char *text, size_t length)
{
    uint64_t head = load(text, length), hash = hash_word(text, length, head);
    for (uint32_t at = (uint32_t)hash & vocabulary->mask;; at = (at + 1) & vocabulary->mask) {
        Slot *slot = &vocabulary->slots[at];
        if (!slot->length)
            return slot;
        if (slot->head == head && slot->length == length
            && (length <= 8 || !memcmp(vocabulary->words + slot->start + 8, text + 8, length - 8)))
            return slot;
    }
}

#endif
