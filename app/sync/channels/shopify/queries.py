"""What do we ask Shopify's Admin GraphQL API, word for word?

Every document is held against Shopify's own schema in a test. Page sizes are such that a question's
cost stays below the thousand points that one may have.
"""

from __future__ import annotations

from typing import Final

VERSION: Final = "2026-10"
PATH: Final = f"/admin/api/{VERSION}/graphql.json"
ORDERS_A_PAGE: Final = 10
LINES_A_PAGE: Final = 50

_MONEY: Final = "{ shopMoney { amount currencyCode } }"
_LINES: Final = f"""
      pageInfo {{ hasNextPage endCursor }}
      nodes {{
        id sku name quantity currentQuantity requiresShipping
        originalUnitPriceSet {_MONEY}
        discountAllocations {{ allocatedAmountSet {_MONEY} }}
        taxLines {{ priceSet {_MONEY} }}
        product {{ id }}
      }}"""
_ORDER: Final = f"""
    id legacyResourceId name createdAt processedAt updatedAt cancelledAt cancelReason test
    currencyCode displayFinancialStatus displayFulfillmentStatus taxesIncluded email note tags
    risk {{ recommendation }}
    currentTotalPriceSet {_MONEY}
    currentShippingPriceSet {_MONEY}
    currentTotalTaxSet {_MONEY}
    currentTotalDiscountsSet {_MONEY}
    currentTotalDutiesSet {_MONEY}
    billingAddress {{ name }}
    shippingAddress {{
      name company address1 address2 city province provinceCode zip country countryCodeV2 phone
    }}
    shippingLine {{ title }}
    refunds(first: 20) {{ id createdAt note totalRefundedSet {_MONEY} }}
    lineItems(first: {LINES_A_PAGE}) {{{_LINES}
    }}"""

ORDERS: Final = f"""query Orders($query: String, $after: String) {{
  ordersCount(query: $query, limit: null) {{ count }}
  orders(first: {ORDERS_A_PAGE}, after: $after, query: $query, sortKey: UPDATED_AT) {{
    pageInfo {{ hasNextPage endCursor }}
    nodes {{{_ORDER}
    }}
  }}
}}"""

ORDERS_BY_ID: Final = f"""query OrdersById($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    __typename
    ... on Order {{{_ORDER}
    }}
  }}
}}"""

MORE_LINES: Final = f"""query MoreLines($id: ID!, $after: String) {{
  order(id: $id) {{
    id
    lineItems(first: {LINES_A_PAGE}, after: $after) {{{_LINES}
    }}
  }}
}}"""

FULFILMENT: Final = """query Fulfilment($id: ID!) {
  order(id: $id) {
    id cancelledAt
    fulfillments(first: 50) { id status trackingInfo(first: 10) { company number } }
    fulfillmentOrders(first: 20) {
      nodes {
        id status
        lineItems(first: 50) { nodes { id remainingQuantity lineItem { id sku } } }
      }
    }
  }
}"""

CONFIRM: Final = """mutation Confirm($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status }
    userErrors { field message }
  }
}"""

CANCEL: Final = """mutation Cancel($id: ID!, $reason: OrderCancelReason!, $note: String) {
  orderCancel(
    orderId: $id, reason: $reason, restock: true, notifyCustomer: true, staffNote: $note
    refundMethod: { originalPaymentMethodsRefund: true }
  ) {
    job { id done }
    orderCancelUserErrors { code field message }
  }
}"""

SET_QUANTITIES: Final = """mutation SetQuantities(
  $input: InventorySetQuantitiesInput!, $key: String!
) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { id }
    userErrors { code field message }
  }
}"""

QUANTITIES: Final = """query Quantities($ids: [ID!]!, $location: ID!) {
  nodes(ids: $ids) {
    __typename
    ... on InventoryItem {
      id
      inventoryLevel(locationId: $location) { quantities(names: ["available"]) { name quantity } }
    }
  }
}"""

LISTINGS: Final = """query Listings($after: String) {
  productVariants(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor }
    nodes { id sku displayName price inventoryQuantity inventoryItem { id tracked } }
  }
}"""

SHOP: Final = """query Shop {
  shop { name currencyCode ianaTimezone }
  currentAppInstallation { accessScopes { handle } }
  locations(first: 50) { nodes { id name isActive } }
}"""

DOCUMENTS: Final = (
    ORDERS, ORDERS_BY_ID, MORE_LINES, FULFILMENT, CONFIRM, CANCEL, SET_QUANTITIES, QUANTITIES,
    LISTINGS, SHOP,
)  # fmt: skip
