#include "oauth/client.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

std::string header(const HttpRequest& request, std::string_view name) {
    for (const auto& one : request.headers)
        if (one.name == name) return one.value;
    return {};
}

Client client(ClientAuth auth) {
    return {.id = "my id", .secret = Secret("s:ecret/+"), .auth = auth};
}

TEST(Client, names_itself_when_it_is_public) {
    Form form;
    const auto request =
        form_request("https://h/t", {.id = "public", .secret = {}, .auth = ClientAuth::none}, form);
    EXPECT_EQ(request.body.reveal(), "client_id=public");
    EXPECT_EQ(request.method, "POST");
    EXPECT_EQ(header(request, "Content-Type"), "application/x-www-form-urlencoded");
    EXPECT_EQ(header(request, "Authorization"), "");
}

// RFC 6749 section 2.3.1: both are form-encoded first: "my%20id:s%3Aecret%2F%2B".
TEST(Client, sends_its_secret_in_a_basic_header) {
    Form form;
    const auto request = form_request("https://h/t", client(ClientAuth::basic), form);
    EXPECT_EQ(header(request, "Authorization"), "Basic bXklMjBpZDpzJTNBZWNyZXQlMkYlMkI=");
    EXPECT_EQ(request.body.reveal(), "");
}

TEST(Client, sends_its_secret_in_the_body_where_the_server_wants_that) {
    Form form;
    const auto request = form_request("https://h/t", client(ClientAuth::post), form);
    EXPECT_EQ(request.body.reveal(), "client_id=my%20id&client_secret=s%3Aecret%2F%2B");
    EXPECT_EQ(form.secrets().size(), 1U);
    EXPECT_EQ(header(request, "Authorization"), "");
}

TEST(ClientAuth, is_none_without_a_secret_and_basic_with_one) {
    EXPECT_EQ(parse_client_auth("", false), ClientAuth::none);
    EXPECT_EQ(parse_client_auth("", true), ClientAuth::basic);
    EXPECT_EQ(parse_client_auth("client_secret_post", true), ClientAuth::post);
    EXPECT_EQ(parse_client_auth("client_secret_basic", false).error().remedy, Remedy::usage);
    EXPECT_EQ(parse_client_auth("private_key_jwt", true).error().remedy, Remedy::usage);
}

}  // namespace
}  // namespace hearth::oauth
