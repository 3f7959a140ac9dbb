// A program of its own, because what one test loads stays for the others.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include "system/curl_http.hpp"
#include "unit/system/scripted_server.hpp"

namespace hearth::system {
namespace {

bool loaded(const char* library) { return ::dlopen(library, RTLD_NOW | RTLD_NOLOAD) != nullptr; }

TEST(CurlLibrary, is_loaded_with_the_first_request_and_not_before) {
    CurlHttp http;
    HttpRequest refused;
    refused.url = "http://192.0.2.1/";
    EXPECT_FALSE(http.send(std::move(refused), {}));
    EXPECT_FALSE(loaded("libcurl.so.4"));
    EXPECT_FALSE(loaded("libssl.so.3"));
    testing::AnsweringServer server("HTTP/1.1 204 No Content\r\n\r\n");
    HttpRequest request;
    request.url = server.url();
    EXPECT_TRUE(http.send(std::move(request), {}));
    EXPECT_TRUE(loaded("libcurl.so.4"));
}

}  // namespace
}  // namespace hearth::system
