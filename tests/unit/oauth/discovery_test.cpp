#include "oauth/discovery.hpp"

#include <gtest/gtest.h>

#include "support/fake_http.hpp"

namespace hearth::oauth {
namespace {

using testing::FakeHttp;

const std::string issuer = "https://login.example/tenant";
const std::string openid = "https://login.example/tenant/.well-known/openid-configuration";
const std::string oauth_server =
    "https://login.example/.well-known/oauth-authorization-server/tenant";

std::string document(const std::string& more = "", const std::string& named = issuer) {
    return R"({"issuer":")" + named + R"(","authorization_endpoint":"https://login.example/a",)" +
           R"("token_endpoint":"https://login.example/t","jwks_uri":"https://login.example/k")" +
           more + "}";
}

TEST(Discovery, looks_where_both_specifications_say) {
    EXPECT_EQ(metadata_urls(issuer), (std::vector{openid, oauth_server}));
    EXPECT_EQ(metadata_urls("https://h/")[0], "https://h/.well-known/openid-configuration");
    EXPECT_EQ(metadata_urls("https://h/")[1], "https://h/.well-known/oauth-authorization-server");
    EXPECT_EQ(metadata_urls(issuer + "/"), metadata_urls(issuer));
}

TEST(Discovery, reads_what_the_server_says) {
    FakeHttp http;
    http.answer(
        openid, 200,
        document(
            R"(,"scopes_supported":["openid"],"code_challenge_methods_supported":["plain","S256"],)"
            R"("authorization_response_iss_parameter_supported":true)"));
    const auto server = discover(http, issuer, {});
    ASSERT_TRUE(server);
    EXPECT_EQ(server->endpoints.authorization, "https://login.example/a");
    EXPECT_EQ(server->endpoints.token, "https://login.example/t");
    EXPECT_EQ(server->endpoints.jwks, "https://login.example/k");
    EXPECT_EQ(server->endpoints.revocation, "");
    EXPECT_EQ(server->scopes_supported, std::vector<std::string>{"openid"});
    EXPECT_TRUE(server->promises_iss);
}

TEST(Discovery, tries_the_other_place_when_the_first_has_nothing) {
    FakeHttp http;
    http.answer(openid, 404, "");
    http.answer(oauth_server, 200, document());
    EXPECT_TRUE(discover(http, issuer, {}));
    EXPECT_EQ(http.seen().size(), 2U);
}

// RFC 8414 section 3.3.
TEST(Discovery, refuses_a_document_of_another_issuer) {
    for (const auto* const named : {"https://login.example/tenant/", "https://LOGIN.example/tenant",
                                    "", "https://evil.example"}) {
        FakeHttp http;
        http.answer(openid, 200, document("", named));
        ASSERT_FALSE(discover(http, issuer, {})) << named;
        EXPECT_EQ(discover(http, issuer, {}).error().remedy, Remedy::refused);
    }
}

TEST(Discovery, refuses_a_server_without_s256) {
    for (const auto* const methods : {R"(["plain"])", "[]"}) {
        FakeHttp http;
        http.answer(openid, 200,
                    document(R"(,"code_challenge_methods_supported":)" + std::string(methods)));
        ASSERT_FALSE(discover(http, issuer, {})) << methods;
        EXPECT_NE(discover(http, issuer, {}).error().what.find("S256"), std::string::npos);
    }
}

TEST(Discovery, refuses_plain_http_but_on_loopback) {
    FakeHttp http;
    EXPECT_EQ(discover(http, "http://login.example", {}).error().remedy, Remedy::refused);
    EXPECT_TRUE(http.seen().empty());
    http.answer(openid, 200, document(R"(,"userinfo_endpoint":"http://login.example/u")"));
    EXPECT_EQ(discover(http, issuer, {}).error().remedy, Remedy::refused);
    http.answer("http://127.0.0.1:9/.well-known/openid-configuration", 200,
                R"({"issuer":"http://127.0.0.1:9","token_endpoint":"http://127.0.0.1:9/t"})");
    EXPECT_TRUE(discover(http, "http://127.0.0.1:9", {}));
}

TEST(Discovery, does_not_let_an_https_issuer_point_at_this_machine_without_tls) {
    FakeHttp http;
    http.answer(openid, 200, document(R"(,"userinfo_endpoint":"http://127.0.0.1:1/u")"));
    EXPECT_EQ(discover(http, issuer, {}).error().remedy, Remedy::refused);
}

TEST(Discovery, tells_an_unreachable_server_from_one_that_tells_nothing) {
    FakeHttp dead;
    dead.fail(openid, HttpFailure::Stage::not_sent);
    EXPECT_EQ(discover(dead, issuer, {}).error().remedy, Remedy::unreachable);
    FakeHttp busy;
    busy.answer(openid, 503, "");
    EXPECT_EQ(discover(busy, issuer, {}).error().remedy, Remedy::unreachable);
    FakeHttp silent;
    silent.answer(openid, 404, "");
    silent.answer(oauth_server, 200, "<html>");
    EXPECT_EQ(discover(silent, issuer, {}).error().remedy, Remedy::failed);
}

}  // namespace
}  // namespace hearth::oauth
