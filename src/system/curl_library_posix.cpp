#include "system/curl_library.hpp"

#include <dlfcn.h>
#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "core/arena.hpp"

namespace hearth::system {
namespace {

// Tokens pass through libcurl's buffers, so what it gives back to the heap is overwritten first.
void wiping_free(void* start) {
    if (start == nullptr) return;
    Arena::wipe(static_cast<char*>(start), ::malloc_usable_size(start));
    std::free(start);  // NOLINT(cppcoreguidelines-no-malloc): libcurl asks for C's own functions.
}

void* wiping_realloc(void* start, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-no-malloc): as above.
    void* const moved = std::malloc(size);
    if (moved == nullptr || start == nullptr) return moved;
    std::memcpy(moved, start, std::min(size, ::malloc_usable_size(start)));
    wiping_free(start);
    return moved;
}

Error unusable(const std::string& why) {
    return Error{Remedy::failed, "libcurl, which sends hearth's requests, cannot be used: " + why,
                 "install the package libcurl4"};
}

template <class Function>
void find(void* library, const char* name, Function& function, bool& complete) {
    function = reinterpret_cast<Function>(::dlsym(library, name));
    complete = complete && function != nullptr;
}

CurlLibrary find_all(void* library, bool& complete) {
    CurlLibrary curl;
    find(library, "curl_global_init_mem", curl.global_init_mem, complete);
    find(library, "curl_easy_init", curl.easy_init, complete);
    find(library, "curl_easy_setopt", curl.easy_setopt, complete);
    find(library, "curl_easy_getinfo", curl.easy_getinfo, complete);
    find(library, "curl_easy_strerror", curl.easy_strerror, complete);
    find(library, "curl_easy_cleanup", curl.easy_cleanup, complete);
    find(library, "curl_slist_append", curl.slist_append, complete);
    find(library, "curl_slist_free_all", curl.slist_free_all, complete);
    find(library, "curl_multi_init", curl.multi_init, complete);
    find(library, "curl_multi_add_handle", curl.multi_add_handle, complete);
    find(library, "curl_multi_remove_handle", curl.multi_remove_handle, complete);
    find(library, "curl_multi_perform", curl.multi_perform, complete);
    find(library, "curl_multi_poll", curl.multi_poll, complete);
    find(library, "curl_multi_wakeup", curl.multi_wakeup, complete);
    find(library, "curl_multi_info_read", curl.multi_info_read, complete);
    find(library, "curl_multi_cleanup", curl.multi_cleanup, complete);
    return curl;
}

Result<CurlLibrary> load() {
    // Never closed: libcurl's own threads may outlive an exchange.
    void* const library = ::dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    // NOLINTNEXTLINE(concurrency-mt-unsafe): each thread has its own.
    if (library == nullptr) return std::unexpected(unusable(::dlerror()));
    bool complete = true;
    const CurlLibrary curl = find_all(library, complete);
    if (!complete) return std::unexpected(unusable("it is older than 7.68"));
    const auto started = curl.global_init_mem(CURL_GLOBAL_DEFAULT, &std::malloc, &wiping_free,
                                              &wiping_realloc, &::strdup, &std::calloc);
    if (started != CURLE_OK) {
        return std::unexpected(unusable("it does not start"));
    }
    return curl;
}

}  // namespace

const Result<CurlLibrary>& curl_library() {
    // Once per process, as libcurl's own initialisation is.
    static const auto library = load();
    return library;
}

}  // namespace hearth::system
