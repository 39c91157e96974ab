"""ROUTING POLICY: what orders are routed by, and what each service costs."""
