#include "oauth/form.hpp"

#include <gtest/gtest.h>

namespace hearth::oauth {
namespace {

TEST(Form, encodes_everything_that_is_reserved) {
    Form form;
    form.add("a b", "c&d=e/f+g~é").add("plain", "A-Z._~9");
    EXPECT_EQ(form.body().reveal(), "a%20b=c%26d%3De%2Ff%2Bg~%C3%A9&plain=A-Z._~9");
}

TEST(Form, leaves_empty_values_out) {
    Form form;
    form.add("empty", "").add("full", "x").add("secret", Secret());
    EXPECT_EQ(form.body().reveal(), "full=x");
    EXPECT_TRUE(form.secrets().empty());
}

TEST(Form, remembers_its_secrets) {
    Form form;
    form.add("code", Secret("c-1")).add("grant_type", "authorization_code");
    ASSERT_EQ(form.secrets().size(), 1U);
    EXPECT_EQ(form.secrets()[0].reveal(), "c-1");
}

TEST(Query, decodes_what_a_form_encodes) {
    Form form;
    form.add("a b", "c&d=e/f+g~é");
    const auto query = Query::parse(std::string(form.body().reveal()) + "&plus=a+b&flag");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->text("a b"), "c&d=e/f+g~é");
    EXPECT_EQ(query->text("plus"), "a b");
    EXPECT_NE(query->find("flag"), nullptr);
    EXPECT_EQ(query->find("absent"), nullptr);
}

TEST(Query, is_refused_when_broken_or_doubled) {
    for (const auto* const text : {"a=%", "a=%2", "a=%zz", "a=1&a=2", "code=1&c%6Fde=2"}) {
        EXPECT_FALSE(Query::parse(text)) << text;
    }
    EXPECT_TRUE(Query::parse(""));
}

}  // namespace
}  // namespace hearth::oauth
