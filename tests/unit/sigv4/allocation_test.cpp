// What a signature costs the heap: the string that is handed out, and nothing else. Counts by
// replacing the allocators of C++ and of OpenSSL.
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "example.hpp"

// NOLINTBEGIN: this is what allocates, and the rules are for those who use it.
namespace {

std::atomic<int> allocations = 0;

void* counted(std::size_t size, const char* /*file*/, int /*line*/) {
    ++allocations;
    return std::malloc(size);
}

void* counted_again(void* memory, std::size_t size, const char* /*file*/, int /*line*/) {
    ++allocations;
    return std::realloc(memory, size);
}

void released(void* memory, const char* /*file*/, int /*line*/) { std::free(memory); }

const bool counting = CRYPTO_set_mem_functions(counted, counted_again, released) == 1;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* const memory = std::malloc(size)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }

// NOLINTEND

namespace hearth::sigv4 {
namespace {

TEST(Signer, allocates_nothing_but_the_string_that_it_returns) {
    ASSERT_TRUE(counting);
    const Signer signer;
    const std::string body(1024, 'b');
    const std::string token(1100, 't');
    const std::vector<HeaderView> headers{{"Content-Type", "application/json; charset=utf-8"},
                                          {"X-Amz-Target", "Service.Operation"},
                                          {"User-Agent", "program/1"}};
    const Request request{.method = "POST",
                          .host = "example.amazonaws.com",
                          .path = "/a//b/../two words",
                          .query = "b=2&a=1&c=%2f",
                          .headers = headers,
                          .body = body,
                          .payload_hash = {}};
    Keys keys = example::keys;
    keys.session_token = token;
    const auto first = signer.sign(request, keys, example::service, example::moment);
    const int before = allocations;
    const auto second = signer.sign(request, keys, example::service, example::moment);
    EXPECT_EQ(allocations - before, 1);
    EXPECT_EQ(first->authorization, second->authorization);
}

}  // namespace
}  // namespace hearth::sigv4
