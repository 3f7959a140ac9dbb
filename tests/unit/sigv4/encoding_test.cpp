#include "sigv4/encoding.hpp"

#include <gtest/gtest.h>

#include <map>

namespace hearth::sigv4 {
namespace {

std::string path_of(std::string_view path, PathRule rule) {
    TextWriter writer;
    append_path(writer, path, rule, *std::pmr::new_delete_resource());
    return writer.finish();
}

std::string query_of(std::string_view text) {
    TextWriter writer;
    CanonicalQuery query(*std::pmr::new_delete_resource());
    query.add(text);
    query.append_to(writer);
    return writer.finish();
}

using Table = std::map<std::string, std::string>;

TEST(CanonicalPath, loses_dot_segments_and_repeated_slashes) {
    const Table table{
        {"", "/"},         {"/", "/"},          {"//", "/"},           {"/./", "/"},
        {"/..", "/"},      {"/../../a", "/a"},  {"/a/b/../c", "/a/c"}, {"/a/..", "/"},
        {"/a/b/..", "/a"}, {"/a/b/../", "/a/"}, {"/a/.", "/a"},        {"//a//b//", "/a/b/"},
        {"/...", "/..."},  {"/.a/b.", "/.a/b."}};
    for (const auto& [path, canonical] : table)
        EXPECT_EQ(path_of(path, PathRule::normalised), canonical) << path;
}

TEST(CanonicalPath, is_encoded_once_more) {
    const Table table{{"/two words", "/two%20words"},
                      {"/a%20b", "/a%2520b"},
                      {"/%2f", "/%252f"},
                      {"/\xE1\x88\xB4", "/%E1%88%B4"},
                      {"/a~b-_.", "/a~b-_."},
                      {"/model:0", "/model%3A0"},
                      {"/%", "/%25"}};
    for (const auto& [path, canonical] : table) {
        EXPECT_EQ(path_of(path, PathRule::normalised), canonical) << path;
        EXPECT_EQ(path_of(path, PathRule::as_given), canonical) << path;
    }
}

TEST(CanonicalPath, of_s3_is_that_which_is_sent) {
    for (const auto* const path : {"/", "//", "/a/../b/./c", "/a%20b", "/%25", "/%2Fa/", "/a~"})
        EXPECT_EQ(path_of(path, PathRule::encoded), path);
    EXPECT_EQ(path_of("", PathRule::encoded), "/");
}

TEST(CanonicalPath, of_s3_is_the_same_however_it_is_encoded) {
    const Table table{{"/%2fa", "/%2Fa"}, {"/%7ea", "/~a"},     {"/(a)", "/%28a%29"},
                      {"/a b", "/a%20b"}, {"/100%", "/100%25"}, {"/%4", "/%254"},
                      {"/%zz", "/%25zz"}};
    for (const auto& [path, canonical] : table)
        EXPECT_EQ(path_of(path, PathRule::encoded), canonical) << path;
}

TEST(CanonicalPath, as_given_keeps_its_segments) {
    for (const auto* const path : {"//", "/./", "/a/..", "/a//b/"})
        EXPECT_EQ(path_of(path, PathRule::as_given), path);
}

TEST(CanonicalQuery, is_sorted_by_encoded_name_then_by_value) {
    const Table table{{"b=1&a=2", "a=2&b=1"},
                      {"a=2&a=1&a=10", "a=1&a=10&a=2"},
                      {"a=1&A=2", "A=2&a=1"},
                      {"Param-3=3&Param=2", "Param=2&Param-3=3"},
                      {"a=1&%E1%88%B4=2", "%E1%88%B4=2&a=1"}};
    for (const auto& [query, canonical] : table) EXPECT_EQ(query_of(query), canonical) << query;
}

TEST(CanonicalQuery, gives_every_name_an_equals_sign) {
    const Table table{{"flag", "flag="}, {"a=&b", "a=&b="}, {"=v", "=v"},
                      {"a==", "a=%3D"},  {"", ""},          {"&a=1&&", "a=1"}};
    for (const auto& [query, canonical] : table) EXPECT_EQ(query_of(query), canonical) << query;
}

TEST(CanonicalQuery, is_the_same_however_it_is_encoded) {
    const Table table{{"a=%2f&b=/", "a=%2F&b=%2F"}, {"%61=%7e", "a=~"},
                      {"a=b c", "a=b%20c"},         {"a=%zz", "a=%25zz"},
                      {"a=\xC3\xBC", "a=%C3%BC"},   {"a=%c3%bc", "a=%C3%BC"}};
    for (const auto& [query, canonical] : table) EXPECT_EQ(query_of(query), canonical) << query;
}

TEST(CanonicalQuery, takes_a_plus_for_a_plus) { EXPECT_EQ(query_of("a=b+c"), "a=b%2Bc"); }

}  // namespace
}  // namespace hearth::sigv4
