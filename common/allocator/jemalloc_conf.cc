// How jemalloc, which the programs of a release build are linked with, keeps what was freed.
//
// By its defaults (four arenas a core, up to 200 free objects of each size in each thread) a process of
// twenty threads goes on growing for hours at a steady load, until each thread has met each size. With less
// kept it holds a third less and grows little or not at all (docs/benchmarks.md, "Endurance").

// The symbol that jemalloc reads (jemalloc(3), TUNING); /etc/malloc.conf and MALLOC_CONF still come after it.
extern "C" {
extern const char* malloc_conf;
const char* malloc_conf = "narenas:2,tcache_nslots_small_max:20,tcache_nslots_large:4";
}
