#include "config/edit.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/settings.hpp"

namespace hearth::config {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view file = "config.toml";

const std::string commented = R"(# My settings — with a dash that takes three bytes.
[store]   # where sessions rest
kind = "keychain"   # the desktop's

# Work
[profiles.work]
provider = "oidc"
issuer = "https://old.example"  # moved in May
scopes = [
    "openid",  # always
    "email",
]

[profiles.home]
provider = "claude"
)";

std::string after(std::string_view text, const Edit& edit) {
    auto changed = edited(text, file, edit);
    EXPECT_TRUE(changed) << changed.error().what << " / " << changed.error().hint;
    return changed.value_or("");
}

Error refused(std::string_view text, const Edit& edit) {
    const auto changed = edited(text, file, edit);
    EXPECT_FALSE(changed) << *changed;
    const Error error = changed ? Error{} : changed.error();
    EXPECT_EQ(error.remedy, Remedy::usage);
    return error;
}

std::string with(std::string text, const std::string& old, const std::string& now) {
    return text.replace(text.find(old), old.size(), now);
}

TEST(SetKey, replaces_the_value_and_nothing_else) {
    EXPECT_EQ(after(commented, SetKey{"store.kind", "sealed"}),
              with(commented, "\"keychain\"", "\"sealed\""));
    EXPECT_EQ(after(commented, SetKey{"profiles.work.issuer", "https://new.example"}),
              with(commented, "\"https://old.example\"", "\"https://new.example\""));
}

TEST(SetKey, replaces_a_list_over_several_lines) {
    const std::string list = "[\n    \"openid\",  # always\n    \"email\",\n]";
    EXPECT_EQ(after(commented, SetKey{"profiles.work.scopes", "openid offline_access"}),
              with(commented, list, R"(["openid", "offline_access"])"));
}

TEST(SetKey, finds_its_place_behind_characters_of_several_bytes) {
    EXPECT_EQ(after("store = { kind = \"memory\" } # ü\n", SetKey{"store.kind", "sealed"}),
              "store = { kind = \"sealed\" } # ü\n");
    EXPECT_EQ(after("[profiles.w]\nprovider = \"oidc\"\norganization = \"Ünï\" # é\n",
                    SetKey{"profiles.w.organization", "Æ"}),
              "[profiles.w]\nprovider = \"oidc\"\norganization = \"Æ\" # é\n");
}

TEST(SetKey, adds_a_key_below_the_last_of_its_table) {
    EXPECT_EQ(after(commented, SetKey{"store.timeout", "3s"}),
              with(commented, "# the desktop's\n", "# the desktop's\ntimeout = \"3s\"\n"));
    EXPECT_EQ(after(commented, SetKey{"profiles.work.client_id", "me"}),
              with(commented, "    \"email\",\n]\n", "    \"email\",\n]\nclient_id = \"me\"\n"));
}

TEST(SetKey, adds_a_table_that_is_missing_at_the_end) {
    EXPECT_EQ(after("", SetKey{"limits.requests_per_second", "7"}),
              "[limits]\nrequests_per_second = 7\n");
    EXPECT_EQ(after(commented, SetKey{"limits.burst", "2.5"}),
              commented + "\n[limits]\nburst = 2.5\n");
}

TEST(SetKey, writes_parameters_of_the_authorization_request) {
    const auto once =
        after(commented, SetKey{"profiles.home.authorize_parameters.prompt", "login"});
    EXPECT_EQ(once, commented + "\n[profiles.home.authorize_parameters]\nprompt = \"login\"\n");
    const auto twice = after(once, SetKey{"profiles.home.authorize_parameters.a b", "c"});
    EXPECT_EQ(twice, once + "\"a b\" = \"c\"\n");
    const auto settings = parse_settings(twice, file);
    EXPECT_EQ(value_of(*settings, "profiles.home.authorize_parameters.a b"), "c");
}

TEST(SetKey, ends_a_last_line_that_had_no_end) {
    EXPECT_EQ(after("[store]\nkind = \"memory\"", SetKey{"store.timeout", "1s"}),
              "[store]\nkind = \"memory\"\ntimeout = \"1s\"\n");
}

TEST(SetKey, keeps_the_line_ends_of_the_file) {
    EXPECT_EQ(after("[store]\r\nkind = \"memory\"\r\n", SetKey{"store.timeout", "1s"}),
              "[store]\r\nkind = \"memory\"\r\ntimeout = \"1s\"\r\n");
}

TEST(SetKey, quotes_what_toml_would_misread) {
    const auto text = after(commented, SetKey{"profiles.work.client_id", R"(a"b\c = #[d])"});
    EXPECT_EQ(value_of(*parse_settings(text, file), "profiles.work.client_id"), R"(a"b\c = #[d])");
}

TEST(SetKey, refuses_a_value_that_does_not_fit_and_a_key_that_is_not_there) {
    EXPECT_THAT(refused(commented, SetKey{"store.kind", "drawer"}).what,
                HasSubstr("kind must be one of keychain"));
    EXPECT_THAT(refused(commented, SetKey{"limits.burst", "many"}).what, HasSubstr("number"));
    EXPECT_EQ(refused(commented, SetKey{"store.knd", "sealed"}).hint, "did you mean store.kind?");
    EXPECT_THAT(refused(commented, SetKey{"profiles.nobody.issuer", "https://x.example"}).what,
                HasSubstr("nobody"));
}

TEST(SetKey, refuses_a_result_that_is_not_valid_as_a_whole) {
    EXPECT_THAT(refused("", SetKey{"store.key_source", "key_file"}).what,
                HasSubstr("store.key_file is not set"));
}

TEST(SetKey, refuses_text_that_it_cannot_edit_safely) {
    // The new line would belong to the table above, not to the one that dotted keys make.
    EXPECT_THAT(refused("profiles = { w = { provider = \"oidc\" } }",
                        SetKey{"profiles.w.issuer", "https://x.example"})
                    .hint,
                HasSubstr("by hand"));
    EXPECT_THAT(refused("[store\n", SetKey{"store.kind", "memory"}).what,
                HasSubstr("config.toml:1:"));
}

TEST(AddProfile, writes_a_table_at_the_end) {
    const AddProfile edit{"new",
                          "oidc",
                          {{"issuer", "https://login.example"},
                           {"scope", "openid"},
                           {"redirect_port", "8000"},
                           {"scope", "email"},
                           {"authorize_parameters.prompt", "consent"}}};
    EXPECT_EQ(after(commented, edit), commented + R"(
[profiles.new]
provider = "oidc"
issuer = "https://login.example"
scopes = ["openid", "email"]
redirect_port = 8000

[profiles.new.authorize_parameters]
prompt = "consent"
)");
}

TEST(AddProfile, quotes_a_name_with_a_dot) {
    const auto text = after("", AddProfile{"a.b", "claude", {}});
    EXPECT_EQ(text, "[profiles.\"a.b\"]\nprovider = \"claude\"\n");
    EXPECT_TRUE(parse_settings(text, file)->profiles.contains(*Name::parse("a.b")));
}

TEST(AddProfile, refuses_a_second_one_of_the_name_and_what_does_not_fit) {
    EXPECT_THAT(refused(commented, AddProfile{"work", "oidc", {}}).what, HasSubstr("already"));
    EXPECT_THAT(refused("", AddProfile{"x", "nobody", {}}).what,
                HasSubstr("aws, claude, google, oidc"));
    EXPECT_THAT(refused("", AddProfile{"../x", "oidc", {}}).what, HasSubstr("name"));
    EXPECT_THAT(refused("", AddProfile{"hearth.x", "oidc", {}}).what, HasSubstr("itself"));
    EXPECT_THAT(refused("", AddProfile{"x", "oidc", {{"isuer", "y"}}}).hint, HasSubstr("issuer"));
    EXPECT_THAT(refused("", AddProfile{"x", "oidc", {{"client_id", "a"}, {"client_id", "b"}}}).what,
                HasSubstr("twice"));
}

TEST(RemoveProfile, takes_its_tables_alone) {
    const std::string parameters = "[profiles.work.authorize_parameters]\nprompt = \"login\"\n";
    const auto text = after(commented + "\n" + parameters + "# the end\n", RemoveProfile{"work"});
    EXPECT_THAT(text, HasSubstr("# Work\n"));
    EXPECT_THAT(text, HasSubstr("# the end\n"));
    EXPECT_THAT(text, HasSubstr("[profiles.home]\nprovider = \"claude\"\n"));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("profiles.work")));
    EXPECT_THAT(text, ::testing::Not(HasSubstr("old.example")));
}

TEST(RemoveProfile, undoes_what_adding_did) {
    for (const std::string& text : {std::string(), commented}) {
        const auto more = after(text, AddProfile{"n", "oidc", {{"client_id", "x"}}});
        EXPECT_EQ(after(more, RemoveProfile{"n"}), text);
    }
}

TEST(RemoveProfile, leaves_a_valid_file_when_it_was_the_only_one) {
    const auto text = after("[profiles.a]\nprovider = \"oidc\"\n", RemoveProfile{"a"});
    EXPECT_TRUE(parse_settings(text, file)->profiles.empty());
}

TEST(RemoveProfile, refuses_one_that_is_not_there_or_not_in_a_table_of_its_own) {
    EXPECT_THAT(refused(commented, RemoveProfile{"nobody"}).what, HasSubstr("nobody"));
    EXPECT_THAT(refused("[profiles]\na.provider = \"oidc\"\n", RemoveProfile{"a"}).hint,
                HasSubstr("by hand"));
}

}  // namespace
}  // namespace hearth::config
