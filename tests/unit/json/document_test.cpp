#include "json/document.hpp"

#include <gtest/gtest.h>

namespace hearth::json {
namespace {

Document read(std::string_view text) {
    auto document = Document::parse(text);
    EXPECT_TRUE(document.has_value());
    return document.value_or(Document());
}

TEST(Document, is_an_object_and_nothing_else) {
    EXPECT_TRUE(Document::parse("{}"));
    for (const auto* const text : {"", "[]", "\"x\"", "{", "{}x", "{\"a\":1,}", "null"}) {
        EXPECT_FALSE(Document::parse(text)) << text;
    }
}

TEST(Document, is_refused_without_being_quoted) {
    const auto document = Document::parse(R"({"token":"planted-secret")");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().what.find("planted"), std::string::npos);
}

TEST(Document, reads_numbers_that_are_strings) {
    const auto document = read(R"({"a":3600,"b":"3600","c":3599.9,"d":"soon","e":true})");
    EXPECT_EQ(document.number("a"), 3600);
    EXPECT_EQ(document.number("b"), 3600);
    EXPECT_EQ(document.number("c"), 3599);
    EXPECT_FALSE(document.number("d"));
    EXPECT_FALSE(document.number("e"));
    EXPECT_FALSE(document.number("absent"));
}

TEST(Document, keeps_seconds_between_zero_and_a_thousand_years) {
    const auto document = read(R"({"negative":-5,"huge":9000000000000000000})");
    EXPECT_EQ(document.seconds("negative"), Span{});
    EXPECT_LT(document.seconds("huge"), std::chrono::hours(24 * 366 * 1001));
    EXPECT_GT(document.seconds("huge"), std::chrono::hours(24 * 366 * 999));
}

TEST(Document, reads_what_has_another_type_as_empty) {
    const auto document =
        read(R"({"text":1,"secret":"","list":{"a":1},"object":"x","flag":"true"})");
    EXPECT_EQ(document.text("text"), "");
    EXPECT_FALSE(document.secret("secret"));
    EXPECT_TRUE(document.texts("list").empty());
    EXPECT_TRUE(document.object("object").empty());
    EXPECT_FALSE(document.flag("flag"));
}

TEST(Document, takes_a_single_string_for_a_list_of_one) {
    const auto document = read(R"({"one":"a","many":["a",2,"b"]})");
    EXPECT_EQ(document.texts("one"), std::vector<std::string>{"a"});
    EXPECT_EQ(document.texts("many"), (std::vector<std::string>{"a", "b"}));
}

TEST(Document, lets_inner_objects_outlive_the_outer_one) {
    Document inner;
    {
        const auto outer = read(R"({"account":{"uuid":"u-1"},"keys":[{"kid":"k"},7]})");
        inner = outer.object("account");
        EXPECT_EQ(outer.objects("keys").size(), 1U);
    }
    EXPECT_EQ(inner.text("uuid"), "u-1");
}

TEST(Document, is_refused_when_it_is_nested_without_end) {
    EXPECT_FALSE(Document::parse(R"({"a":)" + std::string(5000, '[')));
}

}  // namespace
}  // namespace hearth::json
