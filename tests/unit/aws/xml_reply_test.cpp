#include "providers/aws/xml_reply.hpp"

#include <gtest/gtest.h>

namespace hearth::providers::aws {
namespace {

TEST(XmlReply, has_its_texts_by_where_they_stand) {
    const auto reply = XmlReply::parse(
        R"(<?xml version="1.0"?><a xmlns="https://sts.amazonaws.com/doc/2011-06-15/" xmlns:x="y">
             <b><c> one &amp; two </c></b><x:d>three</x:d><e/><b><c>later</c></b>
           </a>)");
    ASSERT_TRUE(reply) << reply.error().what;
    EXPECT_EQ(reply->text("a/b/c"), " one & two ");
    EXPECT_EQ(reply->text("a/d"), "three");
    EXPECT_NE(reply->find("a/e"), nullptr);
    EXPECT_EQ(reply->text("a/e"), "");
    EXPECT_EQ(reply->find("a/b"), nullptr) << "only what holds no other element has a text";
    EXPECT_EQ(reply->find("c"), nullptr);
}

TEST(XmlReply, refuses_what_no_answer_is_and_quotes_nothing_of_it) {
    std::string deep;
    for (int i = 0; i < 1000; ++i) deep += "<s3cret>";
    std::string wide = "<a>";
    for (int i = 0; i < 1000; ++i)
        wide += "<b" + std::to_string(i) + ">s3cret</b" + std::to_string(i) + ">";
    wide += "</a>";
    for (const std::string& text :
         {std::string(), std::string("s3cret"), std::string("<a>s3cret"),
          std::string("<a>s3cret</b>"),
          std::string(R"(<!DOCTYPE a [<!ENTITY e "s3cret">]><a>&e;</a>)"),
          std::string(R"(<!DOCTYPE a SYSTEM "file:///etc/passwd"><a>s3cret</a>)"),
          std::string(R"({"s3cret":1})"), deep, wide}) {
        const auto reply = XmlReply::parse(text);
        ASSERT_FALSE(reply) << text.substr(0, 60);
        EXPECT_EQ(reply.error().what, "the answer is not the XML that AWS sends");
    }
}

}  // namespace
}  // namespace hearth::providers::aws
