#include "cli/google_executable.hpp"

#include <gtest/gtest.h>

#include <string>

#include "cli/json_view.hpp"

namespace hearth::cli {
namespace {

using namespace std::chrono_literals;

const Instant end{1'800'000'000'500ms};
constexpr auto jwt = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJ4In0.c2ln";

std::string text_of(const Result<Secret>& document) {
    return document ? std::string(document->reveal()) : "error: " + document.error().what;
}

TEST(GoogleExecutable, says_what_the_token_is_and_when_it_ends) {
    const auto text = text_of(google_executable_document(Secret(jwt), end, ""));
    ASSERT_TRUE(text.ends_with("}\n"));
    const auto document = *JsonView::parse(std::string_view(text).substr(0, text.size() - 1));
    EXPECT_EQ(document["version"].number(), 1);
    EXPECT_TRUE(document["success"].flag());
    EXPECT_EQ(document["token_type"].text(), "urn:ietf:params:oauth:token-type:jwt");
    EXPECT_EQ(document["id_token"].text(), jwt);
    EXPECT_EQ(document["expiration_time"].number(), 1'800'000'000);
}

TEST(GoogleExecutable, calls_the_token_what_the_library_wants) {
    const std::string id_token = "urn:ietf:params:oauth:token-type:id_token";
    EXPECT_TRUE(
        text_of(google_executable_document(Secret(jwt), end, id_token)).contains(id_token + "\""));
    const auto saml = text_of(
        google_executable_document(Secret(jwt), end, "urn:ietf:params:oauth:token-type:saml2"));
    EXPECT_TRUE(saml.contains("token-type:jwt\""));
}

TEST(GoogleExecutable, names_no_end_that_nobody_named) {
    EXPECT_FALSE(text_of(google_executable_document(Secret(jwt), {}, "")).contains("expiration"));
}

TEST(GoogleExecutable, has_nothing_for_a_token_that_google_could_not_read) {
    for (const auto* other : {"", "ya29.opaque", "eyJh.eyJp", "eyJh.eyJp.", "eyJh..sig",
                              "abc.eyJp.sig", "eyJh.a.b.c", "sk-ant-api03-planted"}) {
        const auto document = google_executable_document(Secret(other), end, "");
        ASSERT_FALSE(document) << other;
        EXPECT_EQ(document.error().remedy, Remedy::usage);
        EXPECT_FALSE(document.error().what.contains("planted"));
    }
}

TEST(GoogleExecutable, tells_a_failure_in_the_librarys_own_form) {
    const std::string text(
        google_executable_failure(Error{Remedy::sign_in, "work: \"no\"", "hearth login work"})
            .reveal());
    const auto document = *JsonView::parse(std::string_view(text).substr(0, text.size() - 1));
    EXPECT_EQ(document["version"].number(), 1);
    EXPECT_EQ(document["success"].raw(), "false");
    EXPECT_EQ(document["code"].text(), "SIGN_IN_NEEDED");
    EXPECT_EQ(document["message"].text(), "work: \"no\"; hearth login work");
}

}  // namespace
}  // namespace hearth::cli
