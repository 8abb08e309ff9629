/*
 * The table code again in plain C, to see what the JVM costs: LPAE stage 1, 4 KiB granule, four
 * levels, the same checks on each entry as LpaePgtable makes. Prints "name nanoseconds" lines under
 * the names of PgtableBench.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VALID = 1, TABLE = 3, PAGE_LEAF = 3, AP_UNPRIV = 1 << 6, SH_OUTER = 2 << 8, AF = 1 << 10, NG = 1 << 11 };
enum { EEXIST_CODE = 17, ERANGE_CODE = 34, EINVAL_CODE = 22 };
#define PAGE 4096ULL
#define BATCH 512
#define PAGES (1 << 15)
#define GIB_PAGES (1 << 18)
#define LOOKUPS (1 << 16)
#define ADDRESS_MASK 0x0000fffffffff000ULL
#define ATTRIBUTES (AP_UNPRIV | SH_OUTER | AF | NG)

/* Memory with an address of its own, as simulated DRAM has. */
static uint8_t *arena;
static uint64_t next_frame;
static uint64_t *free_frames;
static int free_count;

static uint64_t new_frame(void) {
  uint64_t pa = free_count > 0 ? free_frames[--free_count] : next_frame;
  if (pa == next_frame) next_frame += PAGE;
  memset(arena + pa, 0, PAGE);
  return pa;
}

static inline uint64_t *entries(uint64_t pa) { return (uint64_t *)(arena + pa); }

struct table { uint64_t root; uint64_t bitmap; int ias, oas; };

static inline int shift_of(int level) { return (4 - level) * 9 + 3; }

__attribute__((noinline)) static long map_pages(struct table *t, uint64_t iova, uint64_t pa, uint64_t size,
                                               long count, uint64_t attributes) {
  if ((size & t->bitmap) != size || size == 0) return -EINVAL_CODE;
  if (iova >> t->ias || pa >> t->oas) return -ERANGE_CODE;
  uint64_t frame = t->root;
  int level = 0;
  while ((1ULL << shift_of(level)) != size) {
    uint64_t *entry = &entries(frame)[iova >> shift_of(level) & 511];
    if (!(*entry & VALID)) *entry = new_frame() | TABLE;
    else if ((*entry & 3) != TABLE) return -EEXIST_CODE;
    frame = *entry & ADDRESS_MASK;
    level++;
  }
  long index = iova >> shift_of(level) & 511;
  long fits = count < 512 - index ? count : 512 - index;
  uint64_t *leaf = entries(frame) + index;
  for (long i = 0; i < fits; i++) if (leaf[i] & VALID) return -EEXIST_CODE;
  uint64_t bits = attributes | (level == 3 ? PAGE_LEAF : 1);
  for (long i = 0; i < fits; i++) leaf[i] = (pa + i * size) | bits;
  return fits;
}

static uint64_t gather_start = ~0ULL, gather_end;

__attribute__((noinline)) static long unmap_pages(struct table *t, uint64_t iova, uint64_t size, long count) {
  if ((size & t->bitmap) != size || size == 0 || iova >> t->ias) return 0;
  uint64_t frame = t->root;
  int level = 0;
  while ((1ULL << shift_of(level)) != size) {
    uint64_t entry = entries(frame)[iova >> shift_of(level) & 511];
    if ((entry & 3) != TABLE) return 0;
    frame = entry & ADDRESS_MASK;
    level++;
  }
  long index = iova >> shift_of(level) & 511;
  long fits = count < 512 - index ? count : 512 - index;
  uint64_t *leaf = entries(frame) + index;
  long done = 0;
  while (done < fits && (leaf[done] & VALID)) leaf[done++] = 0;
  for (long i = 0; i < done; i++) { /* what tlb_add_page does to a gather */
    uint64_t at = iova + i * size;
    if (at < gather_start) gather_start = at;
    if (at + size - 1 > gather_end) gather_end = at + size - 1;
  }
  return done;
}

__attribute__((noinline)) static uint64_t walk(struct table *t, uint64_t iova) {
  uint64_t frame = t->root;
  for (int level = 0; level < 4; level++) {
    uint64_t entry = entries(frame)[iova >> shift_of(level) & 511];
    if (!(entry & VALID)) return 0;
    if (level == 3 || (entry & 3) == 1) {
      uint64_t mask = (1ULL << shift_of(level)) - 1;
      return (entry & ADDRESS_MASK & ~mask) | (iova & mask);
    }
    frame = entry & ADDRESS_MASK;
  }
  return 0;
}

static void free_tables(uint64_t frame, int level) {
  if (level < 3) {
    for (int i = 0; i < 512; i++)
      if ((entries(frame)[i] & 3) == TABLE) free_tables(entries(frame)[i] & ADDRESS_MASK, level + 1);
  }
  free_frames[free_count++] = frame;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

static struct table new_table(void) {
  struct table t = {new_frame(), 1ULL << 12 | 1ULL << 21 | 1ULL << 30, 48, 48};
  return t;
}

static void map_all(struct table *t, long pages, long a_call) {
  for (long done = 0; done < pages; done += a_call)
    map_pages(t, done * PAGE, 0x100000000ULL + done * PAGE, PAGE, a_call, ATTRIBUTES);
}

static void unmap_all(struct table *t, long pages, long a_call) {
  for (long done = 0; done < pages; done += a_call) unmap_pages(t, done * PAGE, PAGE, a_call);
}

static void window(const char *map_name, const char *unmap_name, long a_call, int rounds) {
  struct table t = new_table();
  double mapping = 0, unmapping = 0;
  for (int i = -rounds / 10; i < rounds; i++) {
    double start = now();
    map_all(&t, PAGES, a_call);
    double middle = now();
    unmap_all(&t, PAGES, a_call);
    double end = now();
    if (i >= 0) mapping += middle - start, unmapping += end - middle;
  }
  printf("%s %.3f\n%s %.3f\n", map_name, mapping / rounds / PAGES, unmap_name, unmapping / rounds / PAGES);
  free_tables(t.root, 0);
}

int main(int argc, char **argv) {
  int scale = argc > 1 ? atoi(argv[1]) : 1;
  arena = aligned_alloc(4096, 64 << 20);
  memset(arena, 0, 64 << 20); /* touched before anything is timed */
  free_frames = malloc((64 << 20) / PAGE * sizeof *free_frames);
  next_frame = PAGE;

  window("map1", "unmap1", 1, 200 * scale);
  window("map512", "unmap512", BATCH, 2000 * scale);

  double building = 0;
  int builds = 200 * scale;
  for (int i = -builds / 10; i < builds; i++) {
    struct table t = new_table();
    double start = now();
    map_all(&t, GIB_PAGES, BATCH);
    if (i >= 0) building += now() - start;
    free_tables(t.root, 0);
  }
  printf("build1GiB %.0f\n", building / builds);

  struct table t = new_table();
  map_all(&t, GIB_PAGES, BATCH);
  uint64_t *iovas = malloc(LOOKUPS * sizeof *iovas);
  srand(1);
  for (int i = 0; i < LOOKUPS; i++)
    iovas[i] = ((uint64_t)rand() << 15 ^ rand()) % GIB_PAGES * PAGE + 8;
  uint64_t sum = 0;
  double start = now();
  for (int round = 0; round < 50 * scale; round++)
    for (int i = 0; i < LOOKUPS; i++) sum += walk(&t, iovas[i]);
  printf("walk %.3f\n", (now() - start) / (50.0 * scale) / LOOKUPS);
  return sum == gather_start; /* neither result may be optimised away */
}
