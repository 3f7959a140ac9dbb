#include "trust/agreement.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::trust {
namespace {

using ::testing::HasSubstr;

constexpr Instant then{std::chrono::seconds(1'800'000'000)};

Agreements with(const std::string& folder, const std::string& text) {
    Agreements agreements;
    agreements.add({.folder = folder, .text = text, .at = then});
    return agreements;
}

Project project(const std::string& folder, const std::string& text) {
    return {.folder = folder, .text = text, .problem = ""};
}

TEST(Agreements, are_for_one_folder_with_one_content) {
    const auto agreements = with("/app", "profile = \"a\"\n");
    EXPECT_EQ(agreements.standing(project("/app", "profile = \"a\"\n")), Standing::trusted);
    EXPECT_EQ(agreements.standing(project("/app", "profile = \"a\"")), Standing::changed);
    EXPECT_EQ(agreements.standing(project("/app", "")), Standing::changed);
    EXPECT_EQ(agreements.standing(project("/app/", "profile = \"a\"\n")), Standing::unknown);
    EXPECT_EQ(agreements.standing(project("/ap", "profile = \"a\"\n")), Standing::unknown);
    EXPECT_EQ(Agreements().standing(project("/app", "")), Standing::unknown);
}

TEST(Agreements, replace_what_was_agreed_before) {
    auto agreements = with("/app", "old");
    agreements.add({.folder = "/app", .text = "new", .at = then});
    EXPECT_EQ(agreements.all().size(), 1U);
    EXPECT_EQ(agreements.standing(project("/app", "old")), Standing::changed);
    EXPECT_TRUE(agreements.remove("/app"));
    EXPECT_FALSE(agreements.remove("/app"));
    EXPECT_EQ(agreements.standing(project("/app", "new")), Standing::unknown);
}

TEST(Agreements, are_read_as_they_were_written) {
    auto agreements = with("/b \"quoted\"", "text = \"\\u0000\"\n\ttab");
    agreements.add({.folder = "/a", .text = "", .at = then});
    const auto again = Agreements::parse(agreements.written().reveal());
    ASSERT_TRUE(again) << again.error().what;
    ASSERT_EQ(again->all().size(), 2U);
    EXPECT_EQ(again->all()[0].folder, "/a");
    EXPECT_EQ(again->all()[1].text, "text = \"\\u0000\"\n\ttab");
    EXPECT_EQ(again->all()[1].at, then);
}

TEST(Agreements, are_none_in_an_empty_file_and_when_all_are_gone) {
    EXPECT_TRUE(Agreements::parse("")->all().empty());
    const auto none = Agreements::parse(Agreements().written().reveal());
    ASSERT_TRUE(none);
    EXPECT_TRUE(none->all().empty());
}

TEST(Agreements, of_a_newer_hearth_are_not_guessed_about) {
    const auto newer = Agreements::parse(R"({"format":2,"folders":[]})");
    ASSERT_FALSE(newer);
    EXPECT_EQ(newer.error().remedy, Remedy::failed);
    EXPECT_THAT(newer.error().what, HasSubstr("newer hearth"));
}

TEST(Agreements, that_were_tampered_with_or_cut_short_count_for_nothing) {
    const std::string whole(with("/app", "helper = 1\n").written().reveal());
    for (std::size_t size = 1; size < whole.size(); ++size)
        EXPECT_FALSE(Agreements::parse(whole.substr(0, size))) << size;
    auto changed = whole;
    changed.replace(changed.find("helper"), 6, "harmer");
    EXPECT_FALSE(Agreements::parse(changed));
    for (const std::string text : {"null", "[]", R"({"folders":[{}]})"})
        EXPECT_FALSE(Agreements::parse(text)) << text;
}

}  // namespace
}  // namespace hearth::trust
