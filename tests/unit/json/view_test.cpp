#include "json/view.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hearth::json {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

View parsed(std::string_view text) {
    const auto view = View::parse(text);
    EXPECT_TRUE(view.has_value()) << text;
    return view.value_or(View());
}

TEST(View, reads_members_by_name) {
    const auto view = parsed(R"( {"a" : "x", "b": [1, {"c": true}], "d": -12.5, "n": null} )");
    EXPECT_EQ(view["a"].text(), "x");
    EXPECT_TRUE(view["b"].items().at(1)["c"].flag());
    EXPECT_EQ(view["d"].number(), -12);
    EXPECT_TRUE(view["n"].is_null());
    EXPECT_THAT(view.members(), SizeIs(4));
}

TEST(View, reads_what_is_absent_or_of_another_type_as_empty) {
    const auto view = parsed(R"({"text":"1","number":1})");
    EXPECT_TRUE(view["nobody"].is_null());
    EXPECT_EQ(view["nobody"]["deeper"].text(), "");
    EXPECT_EQ(view["number"].text(), "");
    EXPECT_TRUE(view["number"].secret().empty());
    EXPECT_EQ(view["text"].number(), std::nullopt);
    EXPECT_THAT(view["text"].items(), IsEmpty());
    EXPECT_THAT(view["number"].members(), IsEmpty());
}

TEST(View, does_not_take_what_stands_before_an_exponent_for_the_number) {
    EXPECT_EQ(parsed(R"({"n":1e3})")["n"].number(), std::nullopt);
    EXPECT_EQ(parsed(R"({"n":12.7})")["n"].number(), 12);
}

TEST(View, does_not_take_a_nested_member_or_a_value_for_a_member) {
    const auto view = parsed(R"({"outer":{"token":"inner"},"say":"token","token":"outer"})");
    EXPECT_EQ(view["token"].text(), "outer");
}

TEST(View, decodes_every_escape) {
    const auto view =
        parsed(R"(["\"\\\/\b\f\n\r\t","\u00e9\u20AC","\ud83d\ude00","\ud83dx\ude00"])");
    const auto items = view.items();
    EXPECT_EQ(items.at(0).text(), "\"\\/\b\f\n\r\t");
    EXPECT_EQ(items.at(1).text(), "é€");
    EXPECT_EQ(items.at(2).text(), "😀");
    EXPECT_EQ(items.at(3).text(), "\xEF\xBF\xBDx\xEF\xBF\xBD") << "lone surrogates are replaced";
}

TEST(View, a_secret_is_decoded_like_a_text) {
    const auto view = parsed(R"({"token":"a\/b\u002bc"})");
    EXPECT_EQ(view["token"].secret().reveal(), "a/b+c");
}

class NotJson : public testing::TestWithParam<std::string_view> {};

TEST_P(NotJson, is_refused) { EXPECT_FALSE(View::parse(GetParam()).has_value()); }

INSTANTIATE_TEST_SUITE_P(View, NotJson,
                         testing::Values("", " ", "{", "}", "[1,]", "{\"a\"}", "{\"a\":}",
                                         "{\"a\":1,}", "{a:1}", "{\"a\":1}{", "nul", "truex", "01",
                                         "1.", "1e", "-", "+1", ".5", "\"", "\"\\\"", "\"\\x\"",
                                         "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "[1 2]",
                                         "{\"a\" 1}", "{\"a\":1 \"b\":2}",
                                         std::string_view("{\"a\":\"\0\"}", 9), "\xff"));

TEST(View, refuses_what_nests_too_deep) {
    EXPECT_TRUE(View::parse(std::string(30, '[') + std::string(30, ']')).has_value());
    EXPECT_FALSE(View::parse(std::string(1000, '[') + std::string(1000, ']')).has_value());
    EXPECT_FALSE(View::parse(std::string(100'000, '[')).has_value());
}

TEST(View, an_error_quotes_nothing_of_the_text) {
    const auto view = View::parse(R"({"token":"sk-secret)");
    ASSERT_FALSE(view.has_value());
    EXPECT_EQ(view.error().what.find("sk-"), std::string::npos);
}

}  // namespace
}  // namespace hearth::json
